import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { localCounters } from "@/lib/gateway/policies/local-counters";
import { readEnvironment } from "./env";
import { linkRedis, type RedisLink } from "./redis-link";
import { redisPolicyCounters } from "./redis-policy-counters";

const links: RedisLink[] = [];
const link = async (): Promise<RedisLink> => {
  const { redis } = readEnvironment({ REDIS_URL: process.env.TEST_REDIS_URL });
  if (!redis) throw new Error("Run this with npm test -- --integration, or with the lines of node scripts/test-services.mjs.");
  const made = linkRedis(redis);
  links.push(made);
  // An addition waits for a response for 200 ms at most, and the first one would wait for the connection too.
  await made.whenReady();
  return made;
};
afterAll(() => {
  for (const made of links) made.close();
});

const WINDOW_MS = 60_000;
const START = 1_800_000_000_000 - (1_800_000_000_000 % WINDOW_MS);

describe("what policies count", () => {
  it("is the same in memory and in Redis, window by window", async () => {
    const key = randomUUID();
    let at = START + 10;
    const [memory, redis] = [localCounters(() => at), redisPolicyCounters(await link(), () => at)];
    const sums: unknown[] = [];
    for (const [move, amount] of [
      [0, 1],
      [5, 2],
      [WINDOW_MS, 4],
      [1, 1],
      [2 * WINDOW_MS, 3],
      [WINDOW_MS - 10, 1],
    ] as const) {
      at += move;
      const counted = await redis.add(key, amount, WINDOW_MS);
      expect(counted).toEqual({ ...memory.add(key, amount, WINDOW_MS) });
      sums.push([counted.total, counted.previous]);
    }
    expect(sums).toEqual([
      [1, 0],
      [3, 0],
      [4, 3],
      [5, 3],
      [3, 0],
      [1, 3],
    ]);
  });

  it("adds up over gateways, also when one clock is behind", async () => {
    const key = randomUUID();
    const ahead = redisPolicyCounters(await link(), () => START + WINDOW_MS + 1);
    const behind = redisPolicyCounters(await link(), () => START + WINDOW_MS - 1);
    expect((await ahead.add(key, 1, WINDOW_MS)).total).toBe(1);
    expect(await behind.add(key, 1, WINDOW_MS)).toEqual({ total: 2, previous: 0, endsAtMs: START + 2 * WINDOW_MS });
  });

  it("loses no addition of many at once, and is forgotten", async () => {
    const key = randomUUID();
    const redis = await link();
    const counters = redisPolicyCounters(redis, () => START);
    await Promise.all(Array.from({ length: 100 }, () => counters.add(key, 1, WINDOW_MS)));
    expect((await counters.add(key, 0, WINDOW_MS)).total).toBe(100);
    expect(await redis.redis.pttl(`gatewright:policy-count:${key}`)).toBeGreaterThan(WINDOW_MS);
  });
});
