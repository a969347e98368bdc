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

  const SIZE = 250_000;
  const nowMs = 1_000_000_000;
  const nowSeconds = nowMs / 1000;

  it("lets all other keys pass while one dates more proofs ahead than it can keep, and its own later ones too", () => {
    let now = nowMs;
    const memory = createReplayMemory(() => now, LIFE_MS, SIZE);
    expect(memory.use("honest", "before", nowSeconds)).toBe(true);
    for (let made = 0; made < 2 * SIZE + 1; made += 1) memory.use("flood", String(made), nowSeconds + 60);
    expect(memory.use("honest", "after", nowSeconds)).toBe(true);
    expect(memory.use("honest", "before", nowSeconds)).toBe(false);
    expect(memory.use("another", "first", nowSeconds)).toBe(true);
    expect(memory.use("flood", "0", nowSeconds + 60)).toBe(false);
    now += 61_000;
    expect(memory.use("flood", "later", nowSeconds + 61)).toBe(true);
  });

  it("lets a key that calls now pass while proofs of as many keys as it can keep are dated ahead", () => {
    let now = nowMs;
    const memory = createReplayMemory(() => now, LIFE_MS, 5000);
    expect(memory.use("honest", "before", nowSeconds)).toBe(true);
    for (let made = 0; made < 10_001; made += 1) memory.use(`flood ${made}`, "1", nowSeconds + 60);
    expect(memory.use("another", "first", nowSeconds)).toBe(true);
    for (let made = 0; made < 10_001; made += 1) memory.use(`calm ${made}`, "1", nowSeconds - 1);
    now += 1000;
    expect(memory.use("one more", "first", nowSeconds + 1)).toBe(true);
    expect(memory.use("one more", "first", nowSeconds + 1)).toBe(false);
    for (const [key, issuedAt] of [
      ["honest", nowSeconds],
      ["flood 0", nowSeconds + 60],
      ["calm 0", nowSeconds - 1],
    ] as const)
      expect(memory.use(key, key === "honest" ? "before" : "1", issuedAt)).toBe(false);
  });

  it("lets none of any key pass twice, whatever the keys, the dates and the bounds", () => {
    const use = fc.record({
      key: fc.integer({ min: 0, max: 8 }).map(String),
      id: fc.integer({ min: 0, max: 4 }).map(String),
      aheadSeconds: fc.integer({ min: -100, max: 60 }),
      pauseMs: fc.integer({ min: 0, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(use, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (uses, sizeMax) => {
        let now = nowMs;
        const memory = createReplayMemory(() => now, LIFE_MS, sizeMax);
        const made = new Map<string, { issuedAt: number; passed: boolean }>();
        for (const { key, id, aheadSeconds, pauseMs } of uses) {
          now += pauseMs;
          const name = `${key} ${id}`;
          const proof = made.get(name) ?? { issuedAt: Math.floor(now / 1000) + aheadSeconds, passed: false };
          made.set(name, proof);
          // What is too old is made anew, as another proof.
          if (proof.issuedAt < now / 1000 - 300) {
            made.delete(name);
            continue;
          }
          const passes = memory.use(key, `${id} ${proof.issuedAt}`, proof.issuedAt);
          if (passes) expect(proof.passed).toBe(false);
          proof.passed ||= passes;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
