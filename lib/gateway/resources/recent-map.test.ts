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
        const map = new RecentMap<{ version: number }>({ recent });
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

  it("takes no more than its bytes, and keeps what was used last as far as half of them", () => {
    const operation: fc.Arbitrary<Operation> = fc.record({
      kind: fc.constantFrom("set", "set", "get", "delete"),
      key: fc.integer({ min: 0, max: 12 }).map(String),
    });
    const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 13, maxLength: 13 });
    const bounds = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(bounds, sizes, fc.array(operation, { maxLength: 200, size: "max" }), (bytesMax, bytes, operations) => {
        const sizeOf = (key: string) => bytes[Number(key)] ?? 0;
        const map = new RecentMap<{ key: string }>({ recent: 1000, bytesMax, bytesOf: ({ key }) => sizeOf(key) });
        const held = new Set<string>();
        /** By their last use, the latest first; a deleted one keeps its place, because it may have pushed another out. */
        let used: string[] = [];
        for (const { kind, key } of operations) {
          if (kind === "set") {
            map.set(key, { key });
            held.add(key);
          }
          if (kind === "delete") {
            map.delete(key);
            held.delete(key);
          }
          const found = map.get(key);
          if (kind === "set") expect(found).toEqual({ key });
          if (!held.has(key)) expect(found).toBeUndefined();
          if (found !== undefined) used = [key, ...used.filter((other) => other !== key)];
          expect(map.bytes).toBeLessThanOrEqual(2 * Math.max(bytesMax / 2, 30));
        }
        let sum = 0;
        for (const key of used) {
          sum += sizeOf(key);
          if (sum > bytesMax / 2) break;
          if (held.has(key)) expect(map.get(key)).toEqual({ key });
        }
      }),
      { numRuns: 300 },
    );
  });
});
