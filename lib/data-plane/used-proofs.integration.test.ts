import { afterAll, beforeAll, expect, test } from "vitest";
import { createProofCheck } from "@/lib/gateway/dpop/proof";
import { type ProofKey, proofKey } from "@/lib/gateway/dpop/testing";
import { readEnvironment } from "@/lib/platform/env";
import { linkRedis, type RedisLink } from "@/lib/platform/redis-link";
import { redisProofs } from "@/lib/platform/redis-proofs";
import { type OwnRedis, ownRedis } from "@/lib/platform/testing/redis-server";

const call = { method: "GET", url: "https://api.example/orders", token: "token-that-is-bound" };
const links: RedisLink[] = [];
let redis: OwnRedis;
let key: ProofKey;
beforeAll(async () => {
  redis = await ownRedis();
  key = await proofKey();
});
afterAll(async () => {
  for (const link of links) link.close();
  await redis?.close();
});

/** The check of a gateway of its own on the one Redis. */
function gateway() {
  const { redis: settings } = readEnvironment({ REDIS_HOST: "127.0.0.1", REDIS_PORT: String(redis.port) });
  if (!settings) throw new Error("Redis is configured.");
  const link = linkRedis(settings);
  links.push(link);
  const check = createProofCheck(Date.now, redisProofs(link));
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
  expect(keys).toHaveLength(2);
  for (const name of keys) {
    expect(name).toMatch(/^gatewright:dpop:[\w-]{43}$/);
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
