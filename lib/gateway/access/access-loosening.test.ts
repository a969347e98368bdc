import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFlows } from "@/lib/definition/flow-matcher";
import { type Definition, METHODS } from "@/lib/definition/schema";
import { definition } from "../testing/fixtures";
import { asksToken, compileAccess, pathOfSegments } from "./access";
import { findLoosening, type Loosening } from "./access-loosening";

const SCOPES = ["read", "write"];
const RESOURCES = ["as-1", "as-2"].map((name) => ({ name, type: "oauth2-builtin", config: { server: name } }));
const flowPath = fc
  .array(fc.constantFrom("a", "b", "a.c", ":", ":.c"), { maxLength: 2 })
  .map((parts) => `/${parts.map((part, index) => (part.startsWith(":") ? `:p${index}${part.slice(1)}` : part)).join("/")}`);
const step = fc.record({
  policy: fc.constant("oauth2"),
  enabled: fc.boolean(),
  config: fc.record({
    resource: fc.constantFrom("as-1", "as-2"),
    requiredScopes: fc.subarray(SCOPES),
    scopeMode: fc.constantFrom("all", "any"),
  }),
});
const flow = fc.record({
  enabled: fc.boolean(),
  match: fc.record({
    path: flowPath,
    operator: fc.constantFrom("startsWith", "equals"),
    methods: fc.subarray(["GET", "HEAD", "POST"], { maxLength: 2 }),
  }),
  request: fc.array(step, { maxLength: 2 }),
});
const inputs = fc
  .record({
    flowSelection: fc.constantFrom("all", "best"),
    flows: fc.array(flow, { maxLength: 4 }),
    endpoints: fc.constantFrom("production", "production", "sandbox").map((name) => ({ [name]: { url: "http://localhost:9000" } })),
  })
  .map((rest) => definition({ ...rest, resources: RESOURCES }));

const SEGMENTS = ["a", "b", "a.c", "x", "x.c"];
const pathsOf = (segments: readonly string[], length: number): string[][] =>
  length === 0 ? [[]] : pathsOf(segments, length - 1).flatMap((path) => segments.map((segment) => [...path, segment]));
const PATHS = [...[0, 1, 2].flatMap((length) => pathsOf(SEGMENTS, length)), ...pathsOf(SEGMENTS, 2).map((path) => [...path, "x"])];
const ASKED = [...METHODS, "PROPFIND"];
/** What a token is to one resource: null where it is rejected, otherwise its scopes, which each resource reads in its own way. */
const READINGS = [null, [], ["read"], ["write"], SCOPES];
/** Every token there is, by resource; the first is none. */
const TOKENS = READINGS.flatMap((first) => READINGS.map((second): Record<string, string[] | null> => ({ "as-1": first, "as-2": second })));

function admits(of: Definition) {
  const access = compileAccess(of);
  return (method: string, path: readonly string[]): boolean[] => {
    const { level, requirements } = access(method, pathOfSegments(path));
    return TOKENS.map(
      (token) =>
        level !== "refused" &&
        requirements.filter(asksToken).every(({ resource, scopes, scopeMode }) => {
          const granted = token[resource];
          if (!granted) return false;
          return (
            scopes.length === 0 ||
            (scopeMode === "all" ? scopes.every((scope) => granted.includes(scope)) : scopes.some((scope) => granted.includes(scope)))
          );
        }),
    );
  };
}

const covers = ({ method, path, operator }: Loosening) => {
  const matches = compileFlows([{ match: { path, operator, methods: [] } }], "all");
  return (called: string, segments: readonly string[]) =>
    (method === "*" || method === called || (method === "GET" && called === "HEAD")) && matches(called, [segments])?.length === 1;
};

describe("what a change loosens", () => {
  it("is told of every call that passes after it and did not before, and of nothing else", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const { items, isComplete } = findLoosening(before, after);
        expect(isComplete).toBe(true);
        const told = items.map((item) => ({ item, covers: covers(item), witnessed: false }));
        const [was, is] = [admits(before), admits(after)];
        for (const path of PATHS) {
          for (const method of ASKED) {
            const [old, now] = [was(method, path), is(method, path)];
            const isLooser = now.some((passes, index) => passes && !old[index]);
            const covering = told.filter(({ covers }) => covers(method, path));
            if (isLooser && covering.length === 0) expect.fail(`${method} /${path.join("/")} is not told of: ${JSON.stringify(items)}`);
            if (isLooser) for (const one of covering) one.witnessed = true;
          }
        }
        expect(told.filter(({ witnessed }) => !witnessed).map(({ item }) => item)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it("is nothing where nothing changed, or where more is asked", () => {
    fc.assert(
      fc.property(inputs, (before) => {
        expect(findLoosening(before, structuredClone(before)).items).toEqual([]);
        const stricter = {
          ...before,
          flows: before.flows.map((one) => ({ ...one, request: [...one.request, ...guard("as-1", ["read"]).request] })),
        };
        expect(findLoosening(before, stricter as Definition).items.filter(({ before: old }) => old !== "rejected")).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

const guard = (
  resource: string,
  requiredScopes: string[] = [],
  match: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
) => ({
  match: { path: "/", operator: "startsWith", methods: [], ...match },
  enabled: true,
  response: [],
  request: [
    {
      policy: "oauth2",
      enabled: true,
      config: { resource, requiredScopes, scopeMode: "all", forwardToken: false, exposePayload: false, ...more },
    },
  ],
});
const api = (flows: unknown[], changes: Record<string, unknown> = {}) =>
  definition({ endpoints: { production: { url: "http://localhost:9000" } }, resources: RESOURCES, flows, ...changes });
const jwt = (config: Record<string, unknown>) => ({
  resources: [{ name: "as-1", type: "oauth2-jwt", config: { issuer: "https://idp.example", audiences: ["api://orders"], ...config } }],
});
const told = (before: Definition, after: Definition) =>
  findLoosening(before, after).items.map(
    ({ method, path, operator, before: old, after: now }) => `${method} ${path} ${operator}: ${old} → ${now}`,
  );

describe("the words for what loosens", () => {
  it("name the operations of a disabled step, a removed flow and a narrowed one", () => {
    const before = api([guard("as-1"), guard("as-1", ["write"], { path: "/items/:id", operator: "equals", methods: ["DELETE"] })]);
    const disabled = structuredClone(before);
    for (const one of disabled.flows[1]?.request ?? []) one.enabled = false;
    expect(told(before, disabled)).toEqual(["DELETE /items/:id equals: a token from as-1 with write → a token from as-1"]);
    expect(told(before, api([]))).toContain("* / startsWith: a token from as-1 → no token");
    const narrowed = api([guard("as-1", [], { path: "/items" }), ...before.flows.slice(1)]);
    expect(told(before, narrowed)).toEqual(["* / startsWith: a token from as-1 → no token"]);
  });

  it("name a dropped scope, and any instead of all", () => {
    const before = api([guard("as-1", SCOPES)]);
    expect(told(before, api([guard("as-1", ["read"])]))).toEqual([
      "* / startsWith: a token from as-1 with read and write → a token from as-1 with read",
    ]);
    expect(told(before, api([guard("as-1", SCOPES, {}, { scopeMode: "any" })]))).toEqual([
      "* / startsWith: a token from as-1 with read and write → a token from as-1 with read or write",
    ]);
  });

  it("name what a flow selection lets through", () => {
    const flows = [guard("as-1"), { match: { path: "/health", operator: "equals" }, request: [] }];
    expect(told(api(flows), api(flows, { flowSelection: "best" }))).toEqual(["* /health equals: a token from as-1 → no token"]);
  });

  it("name a resource that accepts more, and none that accepts less or is asked in another way", () => {
    const with_ = (config: Record<string, unknown>) => api([guard("as-1")], jwt(config));
    expect(told(with_({}), with_({ audiences: [] }))).toEqual([
      "* / startsWith: a token from as-1 (Audiences: api://orders) → a token from as-1 (Audiences: none)",
    ]);
    expect(told(with_({}), with_({ audiences: ["api://orders", "api://b"] }))).toHaveLength(1);
    expect(told(with_({}), with_({ issuer: "https://other.example" }))).toEqual([
      "* / startsWith: a token from as-1 (Issuer: https://idp.example) → a token from as-1 (Issuer: https://other.example)",
    ]);
    expect(told(with_({}), with_({ requireTyp: false }))).toHaveLength(1);
    expect(told(with_({ audiences: ["a", "b"] }), with_({ audiences: ["a"] }))).toEqual([]);
    expect(told(with_({ audiences: [] }), with_({ audiences: ["a"] }))).toEqual([]);
    expect(told(with_({}), with_({ timeoutMs: 1000, clockSkewSeconds: 0, userClaim: "email" }))).toEqual([]);
    expect(told(with_({}), with_({ clockSkewSeconds: 300 }))).toHaveLength(1);
    expect(told(with_({}), with_({ jwksUrl: "https://idp.example/keys" }))).toHaveLength(1);
    expect(told(with_({}), api([guard("as-1")]))).toEqual([
      "* / startsWith: a token from as-1 (JWT authorization server) → a token from as-1 (Gatewright authorization server)",
    ]);
  });

  it("take a renamed resource for the same", () => {
    const renamed = api([guard("idp")], { resources: [{ name: "idp", type: "oauth2-builtin", config: { server: "as-1" } }] });
    expect(told(api([guard("as-1")]), renamed)).toEqual([]);
  });

  it("name what was rejected: other spellings, and calls without an endpoint", () => {
    const flows = [guard("as-1")];
    expect(told(api(flows), api(flows, { paths: { allowSemicolon: true } }))).toEqual([
      "* / startsWith: paths with ; rejected → paths with ; accepted",
    ]);
    expect(told(api([], { endpoints: { sandbox: { url: "http://localhost:9000" } } }), api([]))).toEqual([
      "* / startsWith: rejected → no token",
    ]);
    expect(told(api([guard("as-1", [], { methods: ["GET"] }), guard("as-1")]), api([guard("as-1")]))).toEqual([
      "* / startsWith: rejected → a token from as-1",
    ]);
  });

  it("name documented operations by their own path", () => {
    const { items } = findLoosening(api([guard("as-1")]), api([]), [{ method: "GET", path: "/orders/:id" }]);
    expect(items.map(({ method, path, operator }) => `${method} ${path} ${operator}`)).toEqual([
      "* / startsWith",
      "GET /orders/:id equals",
    ]);
  });

  it("say when the flows overlap in too many ways, within bounds of time", () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      guard("as-1", [], { path: `/${Array.from({ length: 40 }, (_, part) => (part === index ? "x" : `:p${part}`)).join("/")}` }),
    );
    const report = findLoosening(api(many), api([]));
    expect(report.isComplete).toBe(false);
  });
});
