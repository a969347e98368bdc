import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, foldUnchanged } from "./line-diff";

const text = fc.array(fc.constantFrom("a", "b", "c", "", "  x: 1"), { maxLength: 30 }).map((lines) => lines.join("\n"));
const side = (diff: ReturnType<typeof diffLines>, without: "added" | "removed") =>
  diff
    .filter((line) => line.kind !== without)
    .map((line) => line.text)
    .join("\n");

describe("diffLines", () => {
  it("holds both texts whole", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffLines(before, after);
        expect(side(diff, "added")).toBe(before);
        expect(side(diff, "removed")).toBe(after);
      }),
    );
  });

  it("marks nothing when the texts are equal", () => {
    fc.assert(fc.property(text, (same) => diffLines(same, same).every((line) => line.kind === "same")));
  });

  it("marks only the line that changed", () => {
    expect(diffLines("a\nb\nc", "a\nx\nc").filter((line) => line.kind !== "same")).toEqual([
      { kind: "removed", text: "b" },
      { kind: "added", text: "x" },
    ]);
  });

  it("finds one change in a large text", () => {
    const before = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
    const after = [...before.slice(0, 25_000), "new", ...before.slice(25_001)];
    expect(diffLines(before.join("\n"), after.join("\n")).filter((line) => line.kind !== "same")).toEqual([
      { kind: "removed", text: "line 25000" },
      { kind: "added", text: "new" },
    ]);
  });

  it("shows texts that differ in too many lines as replaced", () => {
    const before = Array.from({ length: 2000 }, (_, index) => `old ${index}`).join("\n");
    const after = Array.from({ length: 2000 }, (_, index) => `new ${index}`).join("\n");
    expect(diffLines(before, after)).toHaveLength(4000);
  });
});

describe("foldUnchanged", () => {
  it("loses no line: what is not shown is counted", () => {
    fc.assert(
      fc.property(text, text, fc.nat(4), (before, after, context) => {
        const diff = diffLines(before, after);
        const parts = foldUnchanged(diff, context);
        const total = parts.reduce((sum, part) => sum + (part.kind === "gap" ? part.unchanged : part.lines.length), 0);
        expect(total).toBe(diff.length);
        expect(
          parts
            .flatMap((part) => (part.kind === "lines" ? part.lines : []))
            .map(({ kind, text }) => ({ kind, text }))
            .filter((line) => line.kind !== "same"),
        ).toEqual(diff.filter((line) => line.kind !== "same"));
      }),
    );
  });
});
