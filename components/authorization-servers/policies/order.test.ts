import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moved } from "./order";

describe("moving in an order", () => {
  it("puts one item at its new place and leaves the order of the others", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.nat(), fc.nat(), (items, a, b) => {
        const from = a % items.length;
        const to = b % items.length;
        const result = moved(items, from, to);
        expect(result[to]).toBe(items[from]);
        expect(result.filter((item) => item !== items[from])).toEqual(items.filter((_, index) => index !== from));
      }),
    );
  });

  it("changes nothing beyond the ends", () => {
    expect(moved([1, 2], 0, -1)).toEqual([1, 2]);
    expect(moved([1, 2], 1, 2)).toEqual([1, 2]);
    expect(moved([1, 2], 5, 0)).toEqual([1, 2]);
  });
});
