import fc from "fast-check";
import { expect, test } from "vitest";
import { placed, renumbered } from "./places";

test("a moved item gets its position, or the last, and the others' order is unchanged", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer(), { maxLength: 20 }),
      fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
      (others, place) => {
        const moved = "moved";
        const ordered = placed<number | string>(others, moved, place);
        expect(ordered.filter((item) => item !== moved)).toEqual(others);
        expect(ordered.indexOf(moved)).toBe(Math.min((place ?? Number.POSITIVE_INFINITY) - 1, others.length));
      },
    ),
  );
});

test("after what is written, the numbers count from one without a gap, and nothing is written twice", () => {
  const rows = fc
    .uniqueArray(fc.record({ id: fc.string({ minLength: 1 }), priority: fc.integer({ min: 0, max: 50 }) }), {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 20,
    })
    .map((list) => list.toSorted((a, b) => a.priority - b.priority));
  fc.assert(
    fc.property(rows, fc.nat(), fc.integer({ min: 1, max: 30 }), (list, index, place) => {
      const id = list[index % list.length]?.id ?? "";
      const written = new Map(renumbered(list, { id, place }).map((row) => [row.id, row.priority]));
      const after = list.map((row) => ({ id: row.id, priority: written.get(row.id) ?? row.priority }));
      expect(after.map(({ priority }) => priority).toSorted((a, b) => a - b)).toEqual(list.map((_, position) => position + 1));
      expect(after.find((row) => row.id === id)?.priority).toBe(Math.min(place, list.length));
      expect(renumbered(after.toSorted((a, b) => a.priority - b.priority))).toEqual([]);
    }),
  );
});
