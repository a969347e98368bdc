import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvironment } from "./env";
import { linkRedis, type RedisLink } from "./redis-link";
import { deleteRedisTokens, redisTokens } from "./redis-tokens";

const links: RedisLink[] = [];
const link = (): RedisLink => {
  const { redis } = readEnvironment({ REDIS_URL: process.env.TEST_REDIS_URL });
  if (!redis) throw new Error("Run this with npm test -- --integration, or with the lines of node scripts/test-services.mjs.");
  const made = linkRedis(redis);
  links.push(made);
  return made;
};
let a: ReturnType<typeof redisTokens>;
let b: ReturnType<typeof redisTokens>;
beforeAll(() => {
  a = redisTokens(link());
  b = redisTokens(link());
});
afterAll(() => {
  for (const made of links) made.close();
});

const newKey = () => `api-${randomUUID()}:production:hash`;
const raw = () => links[0]?.redis ?? link().redis;
const ended = async (key: string) => {
  while ((await raw().exists(`gatewright:token:${key}`)) === 1) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe("tokens in Redis", () => {
  it("are read unchanged by other gateways, and expire", async () => {
    const key = newKey();
    expect(await b.get(key)).toBeNull();
    const lock = await a.lock(key, 10_000);
    expect(await a.set(key, "sealed with spaces 1 ", 60_000, lock?.fence ?? 0)).toBe(true);
    expect(await b.get(key)).toBe("sealed with spaces 1 ");
    const ttl = await raw().pttl(`gatewright:token:${key}`);
    expect(ttl).toBeGreaterThan(50_000);
    expect(ttl).toBeLessThanOrEqual(60_000);
    expect(await a.set(key, "short", 20, lock?.fence ?? 0)).toBe(true);
    await ended(`${key}`);
    expect(await b.get(key)).toBeNull();
  });

  it("have one lock holder at a time; only the holder releases the lock, which expires", async () => {
    const key = newKey();
    const all = await Promise.all([a, b, a, b, a].map((store) => store.lock(key, 60_000)));
    const [held, ...others] = all.filter((lock) => lock !== null);
    expect(others).toEqual([]);
    await held?.release();
    const short = await b.lock(key, 20);
    await ended(`${key}:lock`);
    const next = await a.lock(key, 60_000);
    expect(next).not.toBeNull();
    await short?.release();
    expect(await b.lock(key, 60_000)).toBeNull();
    expect(next?.fence).toBeGreaterThan(short?.fence ?? Number.POSITIVE_INFINITY);
    expect(short?.fence).toBeGreaterThan(held?.fence ?? Number.POSITIVE_INFINITY);
  });

  it("are never overwritten by an expired lock's holder", async () => {
    const key = newKey();
    const slow = await a.lock(key, 1);
    await ended(`${key}:lock`);
    const quick = await b.lock(key, 10_000);
    expect(await b.set(key, "new", 60_000, quick?.fence ?? 0)).toBe(true);
    expect(await a.set(key, "old", 60_000, slow?.fence ?? 0)).toBe(false);
    expect(await a.get(key)).toBe("new");
    await quick?.release();
    // A fencing number isn't reused when the counter expires before the token.
    await raw().del(`gatewright:token:${key}:fence`);
    const later = await a.lock(key, 10_000);
    expect(later?.fence).toBeGreaterThan(quick?.fence ?? Number.POSITIVE_INFINITY);
  });

  it("are deleted singly or by owner; everything else stays, whatever the owner's name", async () => {
    const [one, other, third] = [`${newKey()}1`, newKey(), newKey()];
    for (const key of [one, other, third]) await a.set(key, "x", 60_000, 1);
    await a.delete(third);
    expect(await b.get(third)).toBeNull();
    await a.lock(one, 60_000);
    const owner = one.slice(0, one.indexOf(":") + 1);
    const wanted = links[0];
    if (!wanted) throw new Error("There is a link.");
    await deleteRedisTokens(wanted, owner);
    expect(await raw().keys(`gatewright:token:${owner}*`)).toEqual([]);
    await deleteRedisTokens(wanted, "api-*");
    await deleteRedisTokens(wanted, "api-[a-z0-9]?");
    expect(await b.get(other)).toBe("x");
  });

  it("have an expiry on every key", async () => {
    const keys = await raw().keys("gatewright:token:*");
    expect(keys.length).toBeGreaterThan(0);
    for (const ttl of await Promise.all(keys.map((key) => raw().pttl(key)))) expect(ttl).not.toBe(-1);
  });
});
