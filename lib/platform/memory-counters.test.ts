import { expect, test } from "vitest";
import { memoryCounters } from "./memory-counters";
import { testCounters } from "./testing/counters-behavior";

testCounters((keysMax) => memoryCounters(Date.now, keysMax));

test("a window starts with its first attempt", async () => {
  let nowMs = 1_000_000;
  const counters = memoryCounters(() => nowMs);
  const limit = { pool: "pool", key: "key", max: 2, windowSeconds: 60 };
  await counters.take([limit]);
  nowMs += 59_000;
  await counters.take([limit]);
  expect(await counters.take([limit])).toBe(1000);
  nowMs += 1000;
  expect(await counters.take([limit])).toBe(0);
});
