import { expect, test } from "vitest";
import { flowProtection, protectionOf } from "./protection";
import { definitionFor, registry } from "./testing";

const resources = [{ name: "as", type: "oauth2-builtin", config: {} }];
const guard = (requiredScopes: string[] = [], enabled = true) => ({
  policy: "oauth2",
  enabled,
  config: { resource: "as", requiredScopes },
});
const protection = (flows: unknown[], flowSelection = "all") => protectionOf(definitionFor({ resources, flows, flowSelection }), registry);

test("without flows anyone may call", () => expect(protection([])).toBe("open"));
test("one guarding flow that matches everything guards everything", () => expect(protection([{ request: [guard()] }, {}])).toBe("guarded"));
test("scopes everywhere make it scoped", () => expect(protection([{ request: [guard(["a"])] }])).toBe("scoped"));
test("a disabled step guards nothing", () => expect(protection([{ request: [guard([], false)] }])).toBe("open"));
test("a disabled flow guards nothing", () => expect(protection([{ enabled: false, request: [guard()] }])).toBe("open"));
test("a guard below a path leaves the rest open", () =>
  expect(protection([{ match: { path: "/items" }, request: [guard()] }])).toBe("partly-open"));
test("a guard for some methods leaves the others open", () =>
  expect(protection([{ match: { methods: ["POST"] }, request: [guard()] }])).toBe("partly-open"));
test("with best, an open flow beside a guarding one leaves a hole", () => {
  expect(protection([{ request: [guard()] }, { match: { path: "/hello" } }], "best")).toBe("partly-open");
});
test("one flow by itself asks for what its enabled steps ask, also while it is disabled", () => {
  const [scoped, guarded, open, disabled] = definitionFor({
    resources,
    flows: [{ request: [guard(["a"])] }, { request: [guard()] }, { request: [guard([], false)] }, { enabled: false, request: [guard()] }],
  }).flows.map((flow) => flowProtection(flow, registry));
  expect([scoped, guarded, open, disabled]).toEqual(["scoped", "guarded", "open", "guarded"]);
});

test("a flow whose path is in another product's notation guards nothing", () => {
  const definition = definitionFor({ resources, flows: [{ match: { path: "/items/:id" }, request: [guard()] }] });
  expect(protectionOf(definition, registry)).toBe("partly-open");
  const flows = definition.flows.map((flow) => ({ ...flow, match: { ...flow.match, path: "/items/{id}" } }));
  expect(protectionOf({ ...definition, flows }, registry)).toBe("open");
});
