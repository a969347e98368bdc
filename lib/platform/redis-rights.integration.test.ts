import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironment } from "./env";
import { DEPLOYMENTS_CHANNEL } from "./redis";
import { redisCounters } from "./redis-counters";
import { linkRedis, type RedisLink } from "./redis-link";
import { redisProofs } from "./redis-proofs";
import { deleteRedisTokens, redisTokens } from "./redis-tokens";
import { type OwnRedis, ownRedis } from "./testing/redis-server";

/** The ACL of docs/operate.md. */
const rights = /^ACL SETUSER gatewright on >password (.*)$/m.exec(readFileSync("docs/operate.md", "utf8"))?.[1]?.split(" ") ?? [];
const links: RedisLink[] = [];
let redis: OwnRedis;
beforeAll(async () => {
  redis = await ownRedis(["--requirepass", "other", "--user", "gatewright", "on", ">password", ...rights]);
});
afterAll(async () => {
  for (const link of links) link.close();
  await redis?.close();
});

const link = async () => {
  const { redis: settings } = readEnvironment({ REDIS_URL: `redis://gatewright:password@127.0.0.1:${redis.port}/2` });
  if (!settings) throw new Error("Redis is configured.");
  const made = linkRedis(settings);
  links.push(made);
  await made.whenReady();
  return made;
};

test("the documented ACL is sufficient and minimal", async () => {
  expect(rights.length).toBeGreaterThan(3);
  const [commands, listener] = await Promise.all([link(), link()]);
  const tokens = redisTokens(commands);
  const lock = await tokens.lock("api:production:x", 1000);
  expect(await tokens.set("api:production:x", "sealed", 1000, lock?.fence ?? 0)).toBe(true);
  expect(await tokens.get("api:production:x")).toBe("sealed");
  await lock?.release();
  await tokens.delete("api:production:x");
  await deleteRedisTokens(commands, "api:");
  expect(await redisProofs(commands).use("proof", 1000)).toBe(true);
  const counters = redisCounters(commands.redis);
  const limit = { pool: "rights", key: "x", max: 1, windowSeconds: 60 };
  expect(await counters.take([limit])).toBe(0);
  expect(await counters.take([limit])).toBeGreaterThan(0);
  await counters.giveBack([limit]);
  await counters.clear([limit]);
  const heard = new Promise((resolve) => listener.redis.once("message", (_channel, text) => resolve(text)));
  await listener.redis.subscribe(DEPLOYMENTS_CHANNEL);
  await commands.redis.publish(DEPLOYMENTS_CHANNEL, "changed");
  expect(await heard).toBe("changed");
  await commands.redis.ping();
  await expect(commands.redis.get("somebody-else's")).rejects.toThrow(/NOPERM|No permissions/);
  await expect(commands.redis.config("GET", "requirepass")).rejects.toThrow(/NOPERM|permissions/);
});
