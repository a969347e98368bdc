import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFlows, type Matchable } from "./flow-matcher";
import { METHODS } from "./schema";

const SEGMENTS = ["a", "b", "A", "ab", "a:c", "a.j:c", "b:C", ":c"];
/** Parameters that take a whole segment, and such that something follows: one thing may end with another. */
const PARAMETERS = [":", ":", "::c", ":.j:c", ":.j", "::C"];
const flowPath = fc
  .array(fc.constantFrom(...SEGMENTS.filter((segment) => segment !== ":c"), ...PARAMETERS), { maxLength: 3 })
  .map((parts) => `/${parts.map((part, index) => (part.startsWith(":") ? `:p${index}${part.slice(1)}` : part)).join("/")}`);
const flow: fc.Arbitrary<Matchable> = fc.record({
  match: fc.record({
    path: fc.tuple(flowPath, fc.boolean()).map(([path, slash]) => (slash && path !== "/" ? `${path}/` : path)),
    operator: fc.constantFrom("startsWith" as const, "equals" as const),
    methods: fc.subarray([...METHODS], { maxLength: 2 }),
  }),
});
const path = fc.array(fc.constantFrom(...SEGMENTS, "é", "é:c", "é.j:c", "b.j"), { maxLength: 4 });

const parts = (text: string) => text.split("/").filter((part) => part !== "");

/** Matches the slow way: by a regular expression, as the rules are told to people. */
function slowMatches({ match }: Matchable, segments: readonly string[], ignoreCase: boolean): boolean {
  const pattern = parts(match.path)
    .map((part) => `/${part.replace(/\./g, "\\.").replace(/^:p\d/, "[^/]+")}`)
    .join("");
  return new RegExp(`^${pattern}${match.operator === "equals" ? "" : "(?:/.*)?"}$`, ignoreCase ? "i" : "").test(
    segments.map((segment) => `/${segment}`).join(""),
  );
}

const slowMethod = ({ match }: Matchable, method: string) =>
  match.methods.length === 0 || match.methods.some((listed) => listed === method || (listed === "GET" && method === "HEAD"));

/** Picks the most specific by comparing every pair, from the words of the contract. */
function slowBest(flows: readonly Matchable[], indexes: readonly number[]): number[] {
  const score = (index: number) => {
    const match = flows[index]?.match;
    const literal = parts(match?.path ?? "").map((part) => (part.startsWith(":") ? String(part.length - 2) : "9"));
    return `${literal.join("").padEnd(10, "0")}${match?.operator === "equals" ? 1 : 0}${match?.methods.length ? 1 : 0}`;
  };
  const best = indexes.reduce<number | null>((winner, index) => (winner === null || score(index) > score(winner) ? index : winner), null);
  return best === null ? [] : [best];
}

describe("flow matching", () => {
  it.each(["all", "best"] as const)("selects with %s what the slow reference selects", (selection) => {
    fc.assert(
      fc.property(fc.array(flow, { maxLength: 6 }), path, fc.constantFrom(...METHODS), (flows, segments, method) => {
        const caseOnly = flows.some((candidate) => slowMatches(candidate, segments, true) && !slowMatches(candidate, segments, false));
        const matching = flows.flatMap((candidate, index) =>
          slowMatches(candidate, segments, false) && slowMethod(candidate, method) ? [index] : [],
        );
        const expected = caseOnly ? null : selection === "best" ? slowBest(flows, matching) : matching;
        expect(compileFlows(flows, selection)(method, [segments])).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes a parameter for the beginning of a segment, and never for nothing", () => {
    const flows = ["/orders/:id", "/orders/:id:cancel", "/orders/:id.json", "/orders/:id.v2.json", "/orders/:search"].map((path) => ({
      match: { path, operator: "equals" as const, methods: [] },
    }));
    const best = compileFlows(flows, "best");
    const selected = (segment: string) => best("POST", [["orders", segment]]);
    expect(selected("7:cancel")).toEqual([1]);
    expect(selected("7.json")).toEqual([2]);
    expect(selected("7.v2.json")).toEqual([3]);
    expect(selected(":cancel")).toEqual([0]);
    expect(selected("7:cancelled")).toEqual([0]);
    expect(selected("7:CANCEL")).toBeNull();
    expect(compileFlows(flows, "all")("POST", [["orders", "7.v2.json"]])).toEqual([0, 2, 3, 4]);
  });

  it("takes a colon behind a letter for itself", () => {
    const match = compileFlows([{ match: { path: "/orders:batchCancel", operator: "equals", methods: [] } }], "all");
    expect(match("POST", [["orders:batchCancel"]])).toEqual([0]);
    expect(match("POST", [["orders:other"]])).toEqual([]);
  });

  it("respects segments", () => {
    const match = compileFlows([{ match: { path: "/items", operator: "startsWith", methods: [] } }], "all");
    expect(match("GET", [["items-old"]])).toEqual([]);
    expect(match("GET", [["items", "1"]])).toEqual([0]);
  });

  it("takes letters for the same that some backend takes for the same", () => {
    const match = compileFlows([{ match: { path: "/Kiss", operator: "equals", methods: [] } }], "all");
    expect(match("GET", [["\u212Aiss"]])).toBeNull();
    expect(match("GET", [["ki\u017Fs"]])).toBeNull();
  });

  it("runs the flows of every reading of a path", () => {
    const flows: Matchable[] = [
      { match: { path: "/admin", operator: "startsWith", methods: [] } },
      { match: { path: "/:x", operator: "equals", methods: [] } },
    ];
    expect(compileFlows(flows, "best")("GET", [["admin/x"], ["admin", "x"]])).toEqual([0, 1]);
  });
});

describe("a path that differs from a flow's in what Unicode's normalization changes", () => {
  const match = (written: string, ...segments: string[]) =>
    compileFlows([{ match: { path: written, operator: "startsWith", methods: [] } }], "all")("GET", [segments]);

  it.each([
    ["/private", "\uff50rivate"],
    ["/private", "pri\u200dvate"],
    ["/private", "\u24c5rivate"],
    ["/caf\u00e9", "cafe\u0301"],
    ["/cafe\u0301", "caf\u00e9"],
    ["/\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8"],
    ["/file", "\ufb01le"],
    ["/:id:cancel", "7:c\u00adancel"],
  ])("matches %s in no other way than one that ignores case: it is a 404", (written, segment) => {
    expect(match(written, segment)).toBeNull();
    expect(match(written, segment, "x")).toBeNull();
  });

  it("is another path where more than that differs", () => {
    expect(match("/private", "pri-vate")).toEqual([]);
    expect(match("/caf\u00e9", "cafe")).toEqual([]);
    expect(match("/caf\u00e9", "caf\u00e9")).toEqual([0]);
  });
});
