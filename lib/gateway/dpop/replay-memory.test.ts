import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReplayMemory } from "./replay-memory";

const LIFE_MS = 361_000;

describe("the memory of used proofs", () => {
  it("lets a proof pass once for each key", () => {
    const memory = createReplayMemory(() => 0, LIFE_MS, 100);
    expect(memory.use("key", "1", 0)).toBe(true);
    expect(memory.use("key", "1", 0)).toBe(false);
    expect(memory.use("other", "1", 0)).toBe(true);
    expect(memory.use("key", "2", 0)).toBe(true);
  });

  it("forgets a proof only when it could not pass any more for its age", () => {
    let now = 0;
    const memory = createReplayMemory(() => now, LIFE_MS, 100);
    expect(memory.use("key", "1", 0)).toBe(true);
    now = LIFE_MS;
    expect(memory.use("key", "1", 0)).toBe(false);
    now = 3 * LIFE_MS;
    expect(memory.use("key", "2", 0)).toBe(true);
    now = 4 * LIFE_MS;
    expect(memory.use("key", "1", 0)).toBe(true);
  });

  it("refuses what is not newer than what it had to forget when more came than it can keep, and goes on with what is newer", () => {
    let now = 0;
    const memory = createReplayMemory(() => now, LIFE_MS, 3);
    for (let second = 0; second < 7; second += 1) {
      now = second * 1000;
      expect(memory.use("key", String(second), second)).toBe(true);
    }
    for (let second = 0; second < 7; second += 1) expect(memory.use("key", String(second), second)).toBe(false);
    expect(memory.use("key", "late", 1)).toBe(false);
    expect(memory.use("key", "new", 7)).toBe(true);
  });

  it("lets none pass twice, whatever comes and however long it takes", () => {
    const use = fc.record({ id: fc.integer({ min: 0, max: 6 }).map(String), pauseMs: fc.integer({ min: 0, max: 200_000 }) });
    fc.assert(
      fc.property(fc.array(use, { maxLength: 60 }), (uses) => {
        let now = 1_000_000;
        const memory = createReplayMemory(() => now, LIFE_MS, 3);
        const passed = new Map<string, number>();
        for (const { id, pauseMs } of uses) {
          now += pauseMs;
          // Each is a proof of its own time, presented again and again as long as its age allows.
          const issuedAt = passed.get(id) ?? Math.floor(now / 1000);
          if (issuedAt < now / 1000 - 300) {
            passed.delete(id);
            continue;
          }
          const isFirst = !passed.has(id);
          if (memory.use("key", `${id} ${issuedAt}`, issuedAt)) expect(isFirst).toBe(true);
          passed.set(id, issuedAt);
        }
      }),
    );
  });
});
