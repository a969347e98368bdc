import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrowStep, dropIndex } from "./reorder";

const row = (length: number) => Array.from({ length }, (_, index) => ({ start: index * 100, end: index * 100 + 80 }));

describe("where a dragged item lands", () => {
  it("is before everything at the start and after everything at the end", () => {
    expect(dropIndex(row(3), -10)).toBe(0);
    expect(dropIndex(row(3), 1000)).toBe(3);
    expect(dropIndex(row(3), 130)).toBe(1);
  });

  it("is counted from the other end in a list that runs from right to left", () => {
    fc.assert(
      fc.property(fc.nat(6), fc.integer({ min: -100, max: 800 }), (length, position) => {
        const extents = row(length);
        if (extents.some(({ start, end }) => (start + end) / 2 === position)) return;
        expect(dropIndex([...extents].reverse(), position, true)).toBe(length - dropIndex(extents, position));
      }),
    );
  });
});

describe("arrow keys", () => {
  it("move against the picture's direction in a list that runs from right to left", () => {
    expect([arrowStep("ArrowLeft"), arrowStep("ArrowRight"), arrowStep("ArrowUp"), arrowStep("a")]).toEqual([-1, 1, -1, 0]);
    expect([arrowStep("ArrowLeft", true), arrowStep("ArrowRight", true), arrowStep("ArrowDown", true)]).toEqual([1, -1, 1]);
  });
});
