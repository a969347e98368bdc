import { expect, test } from "vitest";
import { z } from "zod";
import { allowAnonymous, requireTokenForEverything } from "./access-changes";
import { describePolicy, looseConfig } from "./describe-policy";
import { scopeName, secretField } from "./field-rules";
import { flowProtection, protectionOf } from "./protection";
import type { DefinitionRegistry } from "./registry";
import { askedByDefault, ownServerOf, requirementsOf, tokensRequired } from "./requirements";
import { definitionSchema } from "./schema";
import { registry as ours } from "./testing";

const key = describePolicy({
  id: "key",
  title: "Key",
  summary: "Asks for a key.",
  help: "",
  category: "security",
  phases: ["request"],
  schema: z.strictObject({ header: z.string().min(2).default("x-key"), key: secretField({ title: "Key", sentTo: [] }) }),
  examples: [{ title: "", config: {} }],
  sentence: ({ header = "" }) => `Ask for ${header}`,
  requires: () => [{ kind: "credential", name: "a key" }],
});
const registry: DefinitionRegistry = { ...ours, policies: [key, ...ours.policies] };
const definitionWith = (flows: unknown[]) =>
  definitionSchema(registry).parse({
    name: "Orders",
    contextPath: "/orders",
    endpoints: { production: { url: "http://localhost:9000" } },
    resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
    flows,
  });
const step = { policy: "key", config: {} };

test("a policy that asks for something else than a token guards its flow and its API", () => {
  const definition = definitionWith([{ request: [step] }]);
  expect(protectionOf(definition, registry)).toBe("guarded");
  expect(definition.flows.map((flow) => flowProtection(flow, registry))).toEqual(["guarded"]);
  expect(askedByDefault(key)).toBe("credential");
  expect(definition.flows.flatMap(({ request }) => request.flatMap((one) => tokensRequired(one, registry)))).toEqual([]);
});

test("requiring a token puts the check before such a step, and allowing anonymous calls takes both away", () => {
  const { definition } = requireTokenForEverything(definitionWith([{ request: [step] }]), { resource: "as" }, registry);
  expect(definition.flows.map(({ request }) => request.map(({ policy }) => policy))).toEqual([["oauth2", "key"]]);
  const open = allowAnonymous(definition, { method: "GET", path: "/open" }, registry).definition;
  expect(open.flows.map(({ match, request }) => [match.path, request.length])).toEqual([
    ["/open", 0],
    ["/", 2],
  ]);
});

test("a policy that nobody knows asks for nothing", () => {
  expect(requirementsOf({ policy: "unknown", config: {} }, registry)).toEqual([]);
});

test("what can be read of an incomplete configuration is read", () => {
  const schema = z.strictObject({
    resource: z.string().min(1),
    scopes: z.array(scopeName()).default([]),
    mode: z.enum(["all", "any"]).default("all"),
  });
  expect(looseConfig(schema, { resource: "", scopes: ["read", "two words"], mode: "some" })).toEqual({ scopes: ["read"], mode: "all" });
  expect(looseConfig(schema, { resource: "as" })).toEqual({ resource: "as", scopes: [], mode: "all" });
  expect(key.sentence({ header: "x" })).toBe("Ask for x-key");
});

test.each([
  [{ type: "oauth2-builtin", config: {} }, "default"],
  [{ type: "oauth2-builtin", config: { server: "partners" } }, "partners"],
  [{ type: "oauth2-builtin", config: { server: 7 } }, ""],
  [{ type: "oauth2-jwt", config: { issuer: "https://idp.example" } }, undefined],
])("of our servers, %j checks tokens of %s", (resource, server) => {
  expect(ownServerOf(resource, ours)).toBe(server);
});
