import { describe, expect, it } from "vitest";
import { mergeResults, resultsDocument } from "./results.mjs";

const ORDER = ["embedded/call", "plane/call", "plane/memory"];
const row = (name, value) => {
  const [group, part] = name.split("/");
  return { group, part, value };
};

describe("the results of the benchmarks", () => {
  it("retain the rows of parts that didn't run, in order", () => {
    const before = [row("embedded/call", 1), row("plane/memory", 2)];
    expect(mergeResults(before, [row("plane/call", 3)], ORDER)).toEqual([
      row("embedded/call", 1),
      row("plane/call", 3),
      row("plane/memory", 2),
    ]);
  });

  it("replace rows of the same part, and remove those of removed parts", () => {
    const before = [row("plane/call", 1), row("plane/call", 2), row("gone/call", 3)];
    expect(mergeResults(before, [row("plane/call", 4)], ORDER)).toEqual([row("plane/call", 4)]);
  });
});

describe("the page of results", () => {
  it("has a row for each result, and a dash where there is no peer", () => {
    const alone = {
      measured: "failed requests",
      value: 0,
      unit: "requests",
      peer: "–",
      peerValue: null,
      ratio: null,
      goal: "0",
      met: true,
      how: "wrk",
      at: "2026-11-21T05:00:00.000Z",
    };
    const page = resultsDocument({ machine: { cores: 2, cpu: "any", node: "v20.20.2" }, results: [alone] });
    expect(page).toContain("| failed requests | 0 requests | – | – | – | 0 | yes |");
    expect(page).toContain("- failed requests: wrk (2026-11-21)");
  });
});
