import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowAnonymous, requireTokenForEverything } from "./access-changes";
import { compileFlows } from "./flow-matcher";
import { filledSegments } from "./operation-paths";
import { type Definition, definitionSchema, type Flow, METHODS } from "./schema";
import { definitionFor, registry } from "./testing";

const LITERALS = ["a", "b"];
const PATH = fc
  .array(fc.constantFrom(...LITERALS, "a:c", ":", "::c"), { maxLength: 3 })
  .map((parts) => `/${parts.map((part, index) => (part.startsWith(":") ? `:p${index}${part.slice(1)}` : part)).join("/")}`);
const oauth2 = fc.record({
  policy: fc.constant("oauth2"),
  enabled: fc.boolean(),
  config: fc.record({ resource: fc.constantFrom("as-1", "as-2"), requiredScopes: fc.subarray(["read", "write"]) }),
});
const headers = fc.record({
  policy: fc.constant("transform-headers"),
  enabled: fc.boolean(),
  config: fc.record({ remove: fc.subarray(["x-1", "x-2"], { minLength: 1 }) }),
});
const flow = fc.record({
  name: fc.constantFrom("", "one", "two"),
  enabled: fc.boolean(),
  match: fc.record({
    path: PATH,
    operator: fc.constantFrom("startsWith", "equals"),
    methods: fc.subarray(["GET", "HEAD", "POST"], { maxLength: 2 }),
  }),
  request: fc.array(fc.oneof(oauth2, headers), { maxLength: 2 }),
  response: fc.array(headers, { maxLength: 1 }),
});
const definitions = fc.record({ flowSelection: fc.constantFrom("all", "best"), flows: fc.array(flow, { maxLength: 5 }) }).map((rest) =>
  definitionFor({
    ...rest,
    resources: ["as-1", "as-2"].map((name) => ({ name, type: "oauth2-builtin", config: { server: name } })),
  }),
);

const FRESH = "x";
const CALLED = [...LITERALS, "a:c", FRESH, `${FRESH}:c`];
/** Every path of so many of these segments. */
const pathsOf = (segments: readonly string[], length: number): string[][] =>
  length === 0 ? [[]] : pathsOf(segments, length - 1).flatMap((path) => segments.map((segment) => [...path, segment]));
/** Paths of up to four segments, of which some are in no flow. */
const PATHS = [...[0, 1, 2].flatMap((length) => pathsOf(CALLED, length)), ...pathsOf(["a", "a:c", FRESH], 3), ["a", "b", FRESH, "a"]];
const ASKED = ["GET", "HEAD", "POST", "PUT"];

/** What runs for a call, as the gateway chooses it. */
function runner(definition: Definition) {
  const enabled = definition.flows.filter((candidate) => candidate.enabled);
  const match = compileFlows(enabled, definition.flowSelection);
  const selected = (method: string, path: readonly string[]) => (match(method, [path]) ?? []).flatMap((index) => enabled[index] ?? []);
  const steps = (flows: readonly Flow[], phase: "request" | "response") =>
    flows.flatMap((one) => one[phase].filter((step) => step.enabled));
  return {
    selected,
    request: (method: string, path: readonly string[]) => steps(selected(method, path), "request"),
    response: (method: string, path: readonly string[]) => steps(selected(method, path), "response"),
    guarded: (method: string, path: readonly string[]) => steps(selected(method, path), "request").some((step) => step.policy === "oauth2"),
  };
}

const operationOf = (path: string) => filledSegments(path, FRESH);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isValid = (definition: Definition) => definitionSchema(registry).safeParse(definition).success;

describe("allow anonymous here", () => {
  it("opens the operation and leaves every step of every other call as it was", () => {
    fc.assert(
      fc.property(definitions, fc.constantFrom(...ASKED, "*"), PATH, (before, method, path) => {
        const { definition: after, notes } = allowAnonymous(before, { method, path }, registry);
        const [was, is] = [runner(before), runner(after)];
        const generic = operationOf(path);
        const itself = compileFlows([{ match: { path, operator: "equals", methods: [] } }], "all");
        const asked = method === "*" ? "PATCH" : method;
        expect(isValid(after)).toBe(true);
        expect(is.guarded(asked, generic), notes.join(" ")).toBe(false);
        for (const segments of PATHS) {
          const inPath = itself("GET", [segments])?.length === 1;
          for (const called of [...ASKED, "PATCH"]) {
            // The operation is what its own flows select; a call that other flows select too is another operation.
            const isIt =
              inPath &&
              (method === "*" || method === called || (method === "GET" && called === "HEAD")) &&
              same(was.selected(called, segments), was.selected(asked, generic));
            const wanted = was.request(called, segments).filter((step) => !isIt || step.policy !== "oauth2");
            const [given, answered] = [is.request(called, segments), is.response(called, segments)];
            // A flow that lists HEAD makes it an operation of its own, even where another flow goes before it.
            if (isIt && called === "HEAD" && method === "GET" && same(given, was.request(called, segments))) continue;
            if (same(given, wanted) && same(answered, was.response(called, segments))) continue;
            expect.fail(`${called} /${segments.join("/")} ran ${JSON.stringify(wanted)} and runs ${JSON.stringify(given)}`);
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  it("opens every method of an operation for all methods, also one that a wider flow lists", () => {
    const before = definitionFor({
      flowSelection: "best",
      resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
      flows: [
        { match: { path: "/", methods: ["HEAD"] } },
        { match: { path: "/a" }, request: [{ policy: "oauth2", config: { resource: "as" } }] },
      ],
    });
    const is = runner(allowAnonymous(before, { method: "*", path: "/a" }, registry).definition);
    expect(is.guarded("HEAD", ["a"])).toBe(false);
    expect(is.guarded("PATCH", ["a"])).toBe(false);
    expect(is.guarded("HEAD", ["a", "x"])).toBe(true);
  });

  it("says that the selection becomes best, and what comes with it", () => {
    const before = definitionFor({
      resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
      flows: [
        { name: "Everything", request: [{ policy: "oauth2", config: { resource: "as" } }] },
        { name: "Items", match: { path: "/items" }, request: [{ policy: "transform-headers", config: { remove: ["x-1"] } }] },
      ],
    });
    const { definition, notes } = allowAnonymous(before, { method: "GET", path: "/items/:id" }, registry);
    expect(definition.flowSelection).toBe("best");
    expect(definition.flows.map((one) => [one.name, one.match.path, one.request.map((step) => step.policy)])).toEqual([
      ["Anonymous GET /items/:id", "/items/:id", ["transform-headers"]],
      ["Everything", "/", ["oauth2"]],
      ["Items", "/items", ["oauth2", "transform-headers"]],
    ]);
    expect(notes.join(" ")).toMatch(/becomes best.*joined.*PROPFIND/);
  });

  it("changes nothing where no token is asked for, or where no flow can name the method", () => {
    const before = definitionFor();
    expect(allowAnonymous(before, { method: "GET", path: "/" }, registry)).toEqual({
      definition: before,
      notes: [expect.stringContaining("already")],
    });
    expect(allowAnonymous(before, { method: "TRACE", path: "/" }, registry).definition).toBe(before);
  });
});

describe("require a token for everything", () => {
  it("leaves nothing anonymous, and takes no check away", () => {
    fc.assert(
      fc.property(definitions, fc.constantFrom("as-1", "as-2"), (before, resource) => {
        const { definition: after } = requireTokenForEverything(before, { resource }, registry);
        const [was, is] = [runner(before), runner(after)];
        expect(isValid(after)).toBe(true);
        expect(after.flowSelection).toBe(before.flowSelection);
        for (const segments of PATHS) {
          for (const method of METHODS) {
            const runs = is.request(method, segments).map((step) => JSON.stringify(step));
            const lost = was.request(method, segments).some((step) => !runs.includes(JSON.stringify(step)));
            if (lost || !is.guarded(method, segments)) expect.fail(`${method} /${segments.join("/")} is not guarded, or lost a step`);
          }
        }
        expect(requireTokenForEverything(after, { resource }, registry).definition).toBe(after);
      }),
      { numRuns: 150 },
    );
  });

  it("says which calls have to pass two authorization servers", () => {
    const before = definitionFor({
      resources: ["one", "two"].map((name) => ({ name, type: "oauth2-builtin", config: {} })),
      flows: [{ name: "Items", match: { path: "/items" }, request: [{ policy: "oauth2", config: { resource: "one" } }] }],
    });
    expect(requireTokenForEverything(before, { resource: "two" }, registry).notes).toEqual([
      expect.stringContaining("Requests that one checks"),
    ]);
  });
});
