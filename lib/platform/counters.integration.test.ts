import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisCounters } from "./redis-counters";
import { testCounters } from "./testing/counters-behavior";
import { type OwnRedis, ownRedis } from "./testing/redis-server";
import { keyHash } from "./try-limits";

let server: OwnRedis;
let redis: Redis;
beforeAll(async () => {
  server = await ownRedis();
  redis = new Redis(server.port);
});
afterAll(async () => {
  redis?.disconnect();
  await server?.close();
});

describe("counters in Redis", () => {
  testCounters((keysMax) => redisCounters(redis, keyHash(null), keysMax));

  test("processes on one Redis share counters, and the first attempt starts the window", async () => {
    const [one, other] = [redisCounters(redis), redisCounters(redis)];
    const limit = { pool: "shared", key: randomUUID(), max: 2, windowSeconds: 60 };
    expect(await one.take([limit])).toBe(0);
    expect(await other.take([{ ...limit, windowSeconds: 600 }])).toBe(0);
    const waitMs = await one.take([limit]);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  test("keys reveal no names, and every key expires", async () => {
    const counters = redisCounters(redis, keyHash(Buffer.from("secret")));
    await counters.take([{ pool: "named", key: "ann@example.com", max: 2, windowSeconds: 60 }]);
    const keys = await redis.keys("*");
    expect(keys.join()).not.toContain("ann");
    expect(keys).toContain("gatewright:counts:named");
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });

  test("invented keys don't exceed a pool's maximum", async () => {
    const counters = redisCounters(redis, keyHash(null), 20);
    for (let made = 0; made < 200; made += 1) await counters.take([{ pool: "made-up", key: String(made), max: 2, windowSeconds: 60 }]);
    expect(await redis.keys("gatewright:count:made-up:*")).toHaveLength(20);
    expect(await redis.zcard("gatewright:counts:made-up")).toBe(20);
  });
});
