import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { redisCounters } from "./counters";

const redis = new Redis(process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379");
afterAll(() => redis.quit());

test("processes on one Redis count together, and the first event sets the end of the window", async () => {
  const [one, other] = [redisCounters(redis), redisCounters(redis)];
  const key = randomUUID();
  const first = await one.add(key, 60, 1);
  const second = await other.add(key, 600, 1);
  expect([first.count, second.count]).toEqual([1, 2]);
  expect(second.endsInMs).toBeGreaterThan(0);
  expect(second.endsInMs).toBeLessThanOrEqual(60_000);
});

test("an event that is taken back does not count", async () => {
  const counters = redisCounters(redis);
  const key = randomUUID();
  await counters.add(key, 60, 1);
  await counters.add(key, 60, -1);
  expect((await counters.add(key, 60, 1)).count).toBe(1);
});

test("a cleared counter starts again", async () => {
  const counters = redisCounters(redis);
  const key = randomUUID();
  await counters.add(key, 60, 5);
  await counters.clear(key);
  expect((await counters.add(key, 60, 1)).count).toBe(1);
});
