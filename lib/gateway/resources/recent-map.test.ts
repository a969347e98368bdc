import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map";

type Operation = { kind: "set" | "get" | "delete"; key: string };

describe("a map of recent keys", () => {
  it("keeps the keys that were used last, finds no other value than the one that was set, and stays bounded", () => {
    const operation: fc.Arbitrary<Operation> = fc.record({
      kind: fc.constantFrom("set", "set", "get", "get", "delete"),
      key: fc.integer({ min: 0, max: 12 }).map(String),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(operation, { maxLength: 200, size: "max" }), (recent, operations) => {
        const map = new RecentMap<{ version: number }>(recent);
        const set = new Map<string, { version: number }>();
        /** The keys by their last use, the latest last; a deleted one keeps its place, because it may have pushed another out. */
        let used: string[] = [];
        operations.forEach(({ kind, key }, version) => {
          if (kind === "set") {
            set.set(key, { version });
            map.set(key, { version });
          }
          if (kind === "delete") {
            set.delete(key);
            map.delete(key);
          }
          const found = map.get(key);
          if (found !== undefined) expect(found).toEqual(set.get(key));
          if (used.slice(-recent).includes(key) || kind === "set") expect(found).toEqual(set.get(key));
          if (found !== undefined) used = [...used.filter((other) => other !== key), key];
          expect(map.size).toBeLessThanOrEqual(2 * recent);
        });
        for (const key of used.slice(-recent).reverse()) expect(map.get(key)).toEqual(set.get(key));
      }),
      { numRuns: 500 },
    );
  });
});
