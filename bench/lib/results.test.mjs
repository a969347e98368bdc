import { describe, expect, it } from "vitest";
import { mergeResults } from "./results.mjs";

const ORDER = ["embedded/call", "plane/call", "plane/memory"];
const row = (name, value) => {
  const [group, part] = name.split("/");
  return { group, part, value };
};

describe("the results of the benchmarks", () => {
  it("keep the rows of the parts that did not run, in the order of the run", () => {
    const before = [row("embedded/call", 1), row("plane/memory", 2)];
    expect(mergeResults(before, [row("plane/call", 3)], ORDER)).toEqual([
      row("embedded/call", 1),
      row("plane/call", 3),
      row("plane/memory", 2),
    ]);
  });

  it("have no row of an earlier run of the same part, and none of a part that is gone", () => {
    const before = [row("plane/call", 1), row("plane/call", 2), row("gone/call", 3)];
    expect(mergeResults(before, [row("plane/call", 4)], ORDER)).toEqual([row("plane/call", 4)]);
  });
});
