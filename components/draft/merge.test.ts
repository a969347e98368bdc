import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalDefinition, canonicalJson } from "@/lib/definition/canonical";
import type { Definition } from "@/lib/definition/schema";
import { definitionFor, definitions } from "@/lib/definition/testing";
import { mergeDefinitions } from "./merge";

const text = (definition: Definition) => canonicalJson(canonicalDefinition(definition));

/** How often each value is in a list. */
const tally = (items: readonly unknown[]) => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(canonicalJson(item), (counts.get(canonicalJson(item)) ?? 0) + 1);
  return counts;
};

describe("merging two people's changes", () => {
  it("gives the one version that was changed when the other was not", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(definitions, definitions, (base, edited) => {
        const theirs = mergeDefinitions(base, base, edited);
        const mine = mergeDefinitions(base, edited, base);
        expect(theirs.conflicts).toEqual([]);
        expect(mine.conflicts).toEqual([]);
        expect(text(theirs.merged)).toBe(text(edited));
        expect(text(mine.merged)).toBe(text(edited));
      }),
    );
  });

  it("has no conflict when both made the same change", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(definitions, definitions, (base, edited) => {
        const { merged, conflicts } = mergeDefinitions(base, edited, edited);
        expect(conflicts).toEqual([]);
        expect(text(merged)).toBe(text(edited));
      }),
    );
  });

  it("finds a conflict whichever side it is looked at from", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(definitions, definitions, definitions, (base, mine, theirs) => {
        expect(mergeDefinitions(base, mine, theirs).conflicts.length > 0).toBe(mergeDefinitions(base, theirs, mine).conflicts.length > 0);
      }),
    );
  });

  const parts = ["name", "description", "cors", "flowSelection", "resources", "flows"] as const;
  /** Edits by two people who mostly touch different parts, so that most of them can be put together. */
  const edits = fc.record({
    base: definitions,
    mine: definitions,
    theirs: definitions,
    who: fc.array(fc.constantFrom("mine", "theirs", "both"), { minLength: parts.length, maxLength: parts.length }),
  });
  const taking = (base: Definition, edited: Definition, who: readonly string[], me: string): Definition => ({
    ...base,
    ...Object.fromEntries(parts.flatMap((part, index) => (who[index] === me || who[index] === "both" ? [[part, edited[part]]] : []))),
  });

  it("never loses a change of either side without saying so", { timeout: 60_000 }, () => {
    let merges = 0;
    fc.assert(
      fc.property(edits, ({ base, who, ...others }) => {
        const [mine, theirs] = [taking(base, others.mine, who, "mine"), taking(base, others.theirs, who, "theirs")];
        const { merged, conflicts } = mergeDefinitions(base, mine, theirs);
        if (conflicts.length) return;
        merges += 1;
        const from = canonicalDefinition(base);
        for (const edited of [mine, theirs].map(canonicalDefinition)) {
          for (const key of ["name", "description", "cors", "flowSelection", "endpoints"] as const) {
            if (canonicalJson(edited[key]) !== canonicalJson(from[key]))
              expect(canonicalJson(merged[key])).toBe(canonicalJson(edited[key]));
          }
          // Whatever a side has and the base has not is in the result.
          const [had, got] = [tally(from.flows), tally(merged.flows)];
          for (const [flow, count] of tally(edited.flows)) if (count > (had.get(flow) ?? 0)) expect(got.get(flow) ?? 0).toBeGreaterThan(0);
          for (const resource of edited.resources) {
            if (!from.resources.some((item) => canonicalJson(item) === canonicalJson(resource)))
              expect(merged.resources.map((item) => canonicalJson(item))).toContain(canonicalJson(resource));
          }
        }
      }),
    );
    expect(merges).toBeGreaterThan(10);
  });

  const flow = (name: string, path: string, more: Record<string, unknown> = {}) => ({ name, match: { path }, ...more });
  const base = definitionFor({ flows: [flow("A", "/a"), flow("B", "/b")] });

  it("keeps both when two people changed different flows", () => {
    const mine = definitionFor({ flows: [flow("A", "/a", { enabled: false }), flow("B", "/b")] });
    const theirs = definitionFor({
      flows: [
        flow("A", "/a"),
        flow("B", "/b", { request: [{ policy: "transform-headers", config: { remove: ["server"] } }] }),
        flow("C", "/c"),
      ],
    });
    const { merged, conflicts } = mergeDefinitions(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(merged.flows.map(({ name, enabled, request }) => [name, enabled, request.length])).toEqual([
      ["A", false, 0],
      ["B", true, 1],
      ["C", true, 0],
    ]);
  });

  it("names the flow that one removed and the other changed", () => {
    const mine = definitionFor({ flows: [flow("B", "/b")] });
    const theirs = definitionFor({ flows: [flow("A", "/a", { enabled: false }), flow("B", "/b")] });
    expect(mergeDefinitions(base, mine, theirs).conflicts).toEqual(["Flow A"]);
    expect(mergeDefinitions(base, theirs, mine).conflicts).toEqual(["Flow A"]);
  });

  it("names the order when both reordered differently", () => {
    const three = definitionFor({ flows: [flow("A", "/a"), flow("B", "/b"), flow("C", "/c")] });
    const mine = definitionFor({ flows: [flow("C", "/c"), flow("A", "/a"), flow("B", "/b")] });
    const theirs = definitionFor({ flows: [flow("B", "/b"), flow("A", "/a"), flow("C", "/c")] });
    expect(mergeDefinitions(three, mine, theirs).conflicts).toEqual(["Order of the flows"]);
  });

  it("refuses two different resources of one name", () => {
    const resource = (server: string) => ({ resources: [{ name: "as", type: "oauth2-builtin", config: { server } }] });
    expect(mergeDefinitions(definitionFor(), definitionFor(resource("a")), definitionFor(resource("b"))).conflicts).toEqual([
      "Resource as",
    ]);
  });
});
