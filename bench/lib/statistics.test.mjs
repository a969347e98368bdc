import { describe, expect, it } from "vitest";
import { median, ratioOf, takeTurns } from "./statistics.mjs";

describe("rounds of a benchmark", () => {
  it("let every one measure once a round, every second round the other way round", async () => {
    const called = [];
    const runner = (name) => () => called.push(name);
    const measured = await takeTurns({ a: runner("a"), b: runner("b") }, 3);
    expect(called).toEqual(["a", "b", "b", "a", "a", "b"]);
    expect(measured).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
  });

  it("compare what was measured in the same round", () => {
    expect(ratioOf([10, 1, 30], [10, 2, 10], (value) => value)).toBe(1);
  });
});

describe("the median", () => {
  it("is the middle, or lies between the two middles", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
