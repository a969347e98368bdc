import { describe, expect, it } from "vitest";
import { z } from "zod";
import { calledUrls } from "./called-urls";
import { describePolicy } from "./describe-policy";
import { describeChanges } from "./diff";
import { httpUrl, secretField } from "./field-rules";
import type { DefinitionRegistry } from "./registry";
import { type Definition, definitionSchema } from "./schema";
import { mergeSecrets, type SecretReferences, secretSlots } from "./secrets";
import { registry as ours } from "./testing";

const caller = describePolicy({
  id: "caller",
  title: "Caller",
  summary: "Asks a server.",
  help: "Asks.",
  category: "security",
  phases: ["request", "response"],
  schema: z.strictObject({
    url: httpUrl({ title: "URL" }),
    mode: z.string().default("a"),
    key: secretField({ title: "Key", required: true, sentTo: ["url"] }),
  }),
  examples: [{ title: "One", config: { url: "https://a.example" } }],
  sentence: () => "Ask",
});
const registry: DefinitionRegistry = { ...ours, policies: [...ours.policies, caller] };

interface Made {
  url?: string;
  mode?: string;
  key?: string;
  name?: string;
}
const made = ({ url = "https://a.example/x", name, ...config }: Made) => ({
  policy: "caller",
  ...(name ? { name } : {}),
  config: { url, ...config },
});
const flow = (path: string, ...request: Made[]) => ({ match: { path }, request: request.map(made) });
const defined = (...flows: unknown[]): Definition =>
  definitionSchema(registry).parse({
    name: "Orders",
    contextPath: "/orders",
    endpoints: { production: { url: "http://localhost:9000" } },
    flows,
  });
/** A stored definition: each slot has a version that is named after the step's mode. */
function stored(definition: Definition): { definition: Definition; references: SecretReferences } {
  const references = Object.fromEntries(secretSlots(definition, registry).map((slot, index) => [slot.key, `v${index}`]));
  return { definition, references };
}
const kept = (before: Definition, after: Definition) => {
  const { kept, problems } = mergeSecrets(after, stored(before), registry);
  return { kept, asked: problems.map(({ path }) => path) };
};
const slot = (at: string) => `${at}/key`;

describe("the secret of a step", () => {
  it("is taken out of the definition, and is asked for where it is required", () => {
    const { definition, fresh, problems } = mergeSecrets(defined(flow("/", { key: "typed" }, {})), null, registry);
    expect(JSON.stringify(definition)).not.toContain("typed");
    expect([...fresh]).toEqual([["flows/0/request/0/key", "typed"]]);
    expect(problems).toEqual([{ path: "flows[0].request[1].config.key", message: "Key is required." }]);
  });

  it.each([
    [
      "stays with the same definition",
      defined(flow("/", {}, { mode: "b" })),
      { [slot("flows/0/request/0")]: "v0", [slot("flows/0/request/1")]: "v1" },
    ],
    [
      "goes with its step to another place",
      defined(flow("/", { mode: "b" }, {})),
      { [slot("flows/0/request/0")]: "v1", [slot("flows/0/request/1")]: "v0" },
    ],
    [
      "goes with its flow",
      defined(flow("/new"), flow("/", {}, { mode: "b" })),
      { [slot("flows/1/request/0")]: "v0", [slot("flows/1/request/1")]: "v1" },
    ],
    ["stays when the other one goes", defined(flow("/", { mode: "b" })), { [slot("flows/0/request/0")]: "v1" }],
    [
      "stays when the flow is renamed",
      defined({ ...flow("/", {}, { mode: "b" }), name: "New" }),
      { [slot("flows/0/request/0")]: "v0", [slot("flows/0/request/1")]: "v1" },
    ],
    [
      "stays when one of them changes",
      defined(flow("/", { mode: "c" }, { mode: "b" })),
      { [slot("flows/0/request/0")]: "v0", [slot("flows/0/request/1")]: "v1" },
    ],
    [
      "is copied with its step to another flow",
      defined(flow("/", {}, { mode: "b" }), flow("/copy", { mode: "b" })),
      { [slot("flows/0/request/0")]: "v0", [slot("flows/0/request/1")]: "v1", [slot("flows/1/request/0")]: "v1" },
    ],
  ])("%s", (_, after, expected) => {
    expect(kept(defined(flow("/", {}, { mode: "b" })), after)).toEqual({ kept: expected, asked: [] });
  });

  it("is asked for again when its address moves to another origin, and not when its path does", () => {
    const before = defined(flow("/", {}));
    expect(kept(before, defined(flow("/", { url: "https://evil.example/x" })))).toEqual({
      kept: {},
      asked: ["flows[0].request[0].config.key"],
    });
    expect(kept(before, defined(flow("/", { url: "https://a.example/y" }))).asked).toEqual([]);
  });

  it("is asked for again where nobody can tell whose it was", () => {
    const twins = defined(flow("/", {}, {}));
    expect(kept(twins, defined(flow("/", {}))).kept).toEqual({});
    expect(kept(twins, twins).kept).toEqual({ [slot("flows/0/request/0")]: "v0", [slot("flows/0/request/1")]: "v1" });
    // One of two went, and the other one changed.
    expect(kept(defined(flow("/", {}, { mode: "b" })), defined(flow("/", { mode: "c" }))).kept).toEqual({});
    // Copied from two that have different ones.
    expect(kept(twins, defined(flow("/", {}, {}), flow("/copy", {}))).asked).toEqual(["flows[1].request[0].config.key"]);
  });

  it("is told in the diff as replaced, whatever place the step has, and never by its value", () => {
    const [before, after] = [defined(flow("/", {}, { mode: "b" })), defined(flow("/", { mode: "b" }, {}))];
    const at = (place: number) => slot(`flows/0/request/${place}`);
    const changes = describeChanges(
      { definition: before, secrets: { [at(0)]: "v0", [at(1)]: "v1" } },
      { definition: after, secrets: { [at(0)]: "v2", [at(1)]: "v0" } },
      registry,
    ).map(({ sentence }) => sentence);
    expect(changes).toContain("/ and below, request, Caller, key: replaced");
    expect(changes.filter((sentence) => sentence.includes("key"))).toHaveLength(1);
  });
});

it("the URLs of steps are among those that gateways call", () => {
  expect(calledUrls(defined(flow("/", {})), registry).map(({ path }) => path)).toContain("flows[0].request[0].config.url");
});
