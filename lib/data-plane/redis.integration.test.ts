import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DEPLOYMENTS_CHANNEL } from "@/lib/platform/redis";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { type TcpProxy, tcpProxy, through } from "./testing/tcp-proxy";

const key = newSecretKey();
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;
let redis: Redis;
let way: TcpProxy;

beforeAll(async () => {
  const redisUrl = process.env.TEST_REDIS_URL;
  if (!redisUrl) throw new Error("Run this with npm test -- --integration, or with the lines of node scripts/test-services.mjs.");
  redis = new Redis(redisUrl);
  way = await tcpProxy(redisUrl);
  backend = await testBackend();
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  await console_.deploy("api_1", { contextPath: "/one", endpoints: { production: { url: backend.url } } });
});
afterAll(async () => {
  redis?.disconnect();
  await way?.close();
  await console_?.close();
  await database?.drop();
  await backend?.close();
});
afterEach(stopAllGateways);

const launch = async (): Promise<LaunchedGateway> => {
  const env = { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key, REDIS_URL: through(process.env.TEST_REDIS_URL ?? "", way) };
  const gateway = await launchGateway({ env });
  await ready(gateway);
  return gateway;
};
const ready = (gateway: LaunchedGateway, isDegraded = false) =>
  until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length > 0 === isDegraded,
  );
const listeners = async () => Number((await redis.pubsub("NUMSUB", DEPLOYMENTS_CHANNEL))[1]);
const deploy = (path: string) => console_.deploy("api_1", { contextPath: "/one", endpoints: { production: { url: backend.url + path } } });
const serves = (gateway: LaunchedGateway, text: string) =>
  until(
    () => gateway.get("/one/x"),
    (answer) => answer.text === text,
  );

describe("gateways on one Redis", () => {
  it("all listen for announcements and take over what is deployed", async () => {
    const gateways = await Promise.all([launch(), launch()]);
    await until(listeners, (count) => count === 2);
    await deploy("/announced");
    await redis.publish(DEPLOYMENTS_CHANNEL, "changed");
    await Promise.all(gateways.map((gateway) => serves(gateway, "/announced/x nobody")));
    const rows = await console_.query(`SELECT "id" FROM "Gateway"`);
    expect(rows).toHaveLength(2);
  });

  it("go on by polling while it is away, say so, and listen again when it is back", async () => {
    const gateway = await launch();
    await until(listeners, (count) => count === 1);
    await way.cut();
    expect((await ready(gateway, true)).degraded).toEqual([
      "Redis is unreachable: deployments are polled; backend tokens, counters, and DPoP replay data aren't shared with other gateways.",
    ]);
    await deploy("/polled");
    await serves(gateway, "/polled/x nobody");
    await way.mend();
    await ready(gateway);
    await until(listeners, (count) => count === 1);
    expect(gateway.output().split("Redis is unreachable").length - 1).toBe(1);
  });
});
