import { afterAll, beforeAll, expect, test } from "vitest";
import { createProofCheck } from "@/lib/gateway/dpop/proof";
import { type ProofKey, proofKey } from "@/lib/gateway/dpop/testing";
import { readEnvironment } from "@/lib/platform/env";
import { linkRedis, type RedisLink } from "@/lib/platform/redis-link";
import { type RedisProofs, redisProofs } from "@/lib/platform/redis-proofs";
import { type OwnRedis, ownRedis } from "@/lib/platform/testing/redis-server";

const call = { method: "GET", url: "https://api.example/orders", token: "token-that-is-bound" };
const links: RedisLink[] = [];
const shared: RedisProofs[] = [];
let redis: OwnRedis;
let key: ProofKey;
beforeAll(async () => {
  redis = await ownRedis();
  key = await proofKey();
});
afterAll(async () => {
  for (const proofs of shared) proofs.close();
  for (const link of links) link.close();
  await redis?.close();
});

/** The check of a gateway of its own on the one Redis. */
function gateway() {
  const { redis: settings } = readEnvironment({ REDIS_HOST: "127.0.0.1", REDIS_PORT: String(redis.port) });
  if (!settings) throw new Error("Redis is configured.");
  const link = linkRedis(settings);
  links.push(link);
  const proofs = redisProofs(link);
  shared.push(proofs);
  const check = createProofCheck(Date.now, proofs);
  return (proof: string) => check({ ...call, headers: ["dpop", proof], keyThumbprint: key.thumbprint });
}
const USED = "The proof was used before.";

test("a proof passes once among all gateways, whichever gets it; what is kept of it is a hash with an end", async () => {
  const [one, other] = [gateway(), gateway()];
  const [first, second] = await Promise.all([key.prove(call), key.prove(call)]);
  expect([await one(first), await other(first), await one(first)]).toEqual([null, USED, USED]);
  const raced = await Promise.all([one(second), other(second), other(second)]);
  expect(raced.toSorted()).toEqual([USED, USED, null]);
  const keys = (await links[0]?.redis.keys("*")) ?? [];
  expect(keys.filter((name) => /^gatewright:dpop:[\w-]{43}$/.test(name))).toHaveLength(2);
  expect(keys.filter((name) => name === `gatewright:dpop-count:${key.thumbprint}`)).toHaveLength(1);
  expect(keys).toHaveLength(3);
  for (const name of keys) {
    expect(await links[0]?.redis.pttl(name)).toBeGreaterThan(300_000);
  }
});

test("while Redis is away or silent each gateway remembers its own, and no call fails", async () => {
  const one = gateway();
  expect(await one(await key.prove(call))).toBeNull();
  redis.pause();
  const silent = await key.prove(call);
  expect([await one(silent), await one(silent)]).toEqual([null, USED]);
  redis.resume();
  await redis.stop();
  const away = await key.prove(call);
  expect([await one(away), await one(away)]).toEqual([null, USED]);
  await redis.start();
});

test("a Redis that doesn't respond in time is a problem at once, until what was used meanwhile is written", async () => {
  const [one, other] = [gateway(), gateway()];
  expect([await one(await key.prove(call)), await other(await key.prove(call))]).toEqual([null, null]);
  const [ofOne] = shared.slice(-2);
  const told: number[] = [];
  ofOne?.onProblem(() => told.push(ofOne.problems().length));
  redis.pause();
  const proof = await key.prove(call);
  expect(await one(proof)).toBeNull();
  expect(ofOne?.problems()).toMatchObject([{ problem: "redis" }]);
  expect(told).toEqual([1]);
  redis.resume();
  await expect.poll(() => ofOne?.problems(), { timeout: 10_000 }).toEqual([]);
  expect(told).toEqual([1, 0]);
  expect(await other(proof)).toBe(USED);
});

test("proofs used while Redis is stopped, or doesn't respond until it's taken for unreachable, pass nowhere after it's back", async () => {
  const [one, other] = [gateway(), gateway()];
  const [link] = links.slice(-2);
  expect([await one(await key.prove(call)), await other(await key.prove(call))]).toEqual([null, null]);
  await redis.stop();
  await expect.poll(() => link?.unreachable(), { timeout: 10_000 }).not.toBeNull();
  const stopped = await Promise.all(Array.from({ length: 5 }, () => key.prove(call)));
  for (const proof of stopped) expect(await one(proof)).toBeNull();
  await redis.start();
  await expect.poll(() => shared.at(-2)?.isShared(), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => links.at(-1)?.unreachable(), { timeout: 10_000 }).toBeNull();
  for (const proof of stopped) expect(await other(proof)).toBe(USED);

  redis.pause();
  await expect.poll(() => link?.unreachable(), { timeout: 15_000 }).not.toBeNull();
  const paused = await key.prove(call);
  expect(await one(paused)).toBeNull();
  redis.resume();
  await expect.poll(() => shared.at(-2)?.isShared(), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => links.at(-1)?.unreachable(), { timeout: 10_000 }).toBeNull();
  expect(await other(paused)).toBe(USED);
}, 60_000);

test("a key that uses more proofs than are remembered of one key is rejected, and fills Redis with no more of them", async () => {
  const { redis: settings } = readEnvironment({ REDIS_HOST: "127.0.0.1", REDIS_PORT: String(redis.port) });
  if (!settings) throw new Error("Redis is configured.");
  const link = linkRedis(settings);
  links.push(link);
  await link.whenReady();
  await link.redis.flushall();
  const proofs = redisProofs(link, 3);
  const used = [];
  for (let made = 0; made < 20; made += 1) used.push(await proofs.use(`proof-${made}`, 10_000, "flood"));
  expect(used.filter(Boolean)).toHaveLength(3);
  expect(await proofs.use("proof-other", 10_000, "calm")).toBe(true);
  expect(await proofs.use("proof-other", 10_000, "calm")).toBe(false);
  expect(await link.redis.keys("gatewright:dpop:*")).toHaveLength(4);
});
