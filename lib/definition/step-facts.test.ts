import { expect, it } from "vitest";
import { missingFacts } from "./step-facts";
import { definitionFor, registry } from "./testing";

const check = (exposePayload: boolean, enabled = true) => ({ policy: "oauth2", enabled, config: { resource: "as", exposePayload } });
const uses = { policy: "transform-headers", config: { set: [{ name: "x-email", value: "{claims.email}" }] } };
const plain = { policy: "transform-headers", config: { set: [{ name: "x-a", value: "1" }] } };
const missing = (flows: unknown[], flowSelection = "all") =>
  missingFacts(definitionFor({ resources: [{ name: "as", type: "oauth2-builtin", config: {} }], flows, flowSelection }), registry).map(
    ({ path }) => path,
  );

it.each([
  ["a step before exposes them", [{ request: [check(true), uses], response: [uses] }], []],
  ["nothing is used", [{ request: [check(false), plain] }], []],
  ["the step that checks the token keeps them", [{ request: [check(false), uses] }], ["flows[0].request[1]"]],
  ["it comes too late", [{ request: [uses, check(true)] }], ["flows[0].request[0]"]],
  ["it is disabled", [{ request: [check(true, false), uses] }], ["flows[0].request[1]"]],
  ["its flow is disabled", [{ enabled: false, request: [check(true)] }, { request: [uses] }], ["flows[1].request[0]"]],
  ["an earlier flow exposes them", [{ request: [check(true)] }, { match: { path: "/a" }, request: [uses] }], []],
])("claims that a step uses: %s", (_, flows, expected) => {
  expect(missing(flows)).toEqual(expected);
});

it("with best, another flow leaves nothing", () => {
  expect(missing([{ request: [check(true)] }, { match: { path: "/a" }, request: [uses] }], "best")).toEqual(["flows[1].request[0]"]);
});
