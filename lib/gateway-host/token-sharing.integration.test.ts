import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironment } from "@/lib/platform/env";
import { linkRedis, type RedisLink } from "@/lib/platform/redis-link";
import { secretBox } from "@/lib/platform/secrets";
import { type OwnRedis, ownRedis } from "@/lib/platform/testing/redis-server";
import { shareBy } from "./token-sharing";

let redis: OwnRedis;
let link: RedisLink;
beforeAll(async () => {
  redis = await ownRedis();
  const { redis: settings } = readEnvironment({ REDIS_HOST: "127.0.0.1", REDIS_PORT: String(redis.port) });
  if (!settings) throw new Error("Redis is configured.");
  link = linkRedis(settings);
  await link.whenReady();
});
afterAll(async () => {
  link?.close();
  await redis?.close();
});
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
};

test("sharing follows the state of Redis and recovers, even while the gateway is idle", async () => {
  const sharing = shareBy(link, secretBox(randomBytes(32).toString("base64")));
  expect(sharing.works()).toBe(true);
  await redis.stop();
  await until(() => !sharing.works());
  sharing.options.onState("Tokens are not shared at the moment: nothing listens there");
  await redis.start();
  await until(sharing.works);
  // A problem of a connected but slow Redis ends with a probe that responds in time.
  sharing.options.onState("Tokens are not shared at the moment: no answer within 200 ms");
  expect(sharing.works()).toBe(false);
  await until(sharing.works);
  sharing.options.onState("once more");
  sharing.options.onState(null);
  expect(sharing.works()).toBe(true);
});
