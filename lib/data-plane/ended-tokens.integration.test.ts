import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DEPLOYMENTS_CHANNEL } from "@/lib/platform/redis";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, type LaunchOptions, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { type TcpProxy, tcpProxy, through } from "./testing/tcp-proxy";

const key = newSecretKey();
const redisUrl = process.env.TEST_REDIS_URL ?? "";
/** Long beyond the second that is promised, so that a busy machine fails nothing; without the promise kept it never comes to be. */
const PATIENCE_MS = 10_000;
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;
let way: TcpProxy;
let redis: Redis;
let issue: (claims: Record<string, unknown>) => Promise<string>;
let gateway: LaunchedGateway;

beforeAll(async () => {
  if (!redisUrl) throw new Error("Run this with npm test -- --integration, or with the lines of node scripts/test-services.mjs.");
  redis = new Redis(redisUrl);
  backend = await testBackend();
  database = await testDatabase();
  way = await tcpProxy(database.url);
  console_ = testDeployments(database.url, key);
  issue = await console_.addServer("shop", "https://console.example/oauth2/shop", "api://shop");
  await console_.addServer("other", "https://console.example/oauth2/other", "api://shop");
  await console_.deploy("api_1", {
    contextPath: "/one",
    endpoints: { production: { url: backend.url } },
    resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
    flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }],
  });
});
afterAll(async () => {
  redis?.disconnect();
  await console_?.close();
  await way?.close();
  await database?.drop();
  await backend?.close();
});
beforeEach(async () => {
  await console_.query(`DELETE FROM "RevokedToken"`);
  await console_.query(`DELETE FROM "EndedClient"`);
});
afterEach(async () => {
  await stopAllGateways();
  await way.mend();
});

async function launch(options: LaunchOptions = {}): Promise<LaunchedGateway> {
  const env = { DATABASE_URL: through(database.url, way), GATEWRIGHT_SECRET_KEY: key, GATEWRIGHT_INSTANCE: "me", ...options.env };
  gateway = await launchGateway({ ...options, env });
  await until(
    () => gateway.readiness(),
    ({ status }) => status === 200,
  );
  return gateway;
}

const statusWith = async (token: string) => (await gateway.get("/one/x", { authorization: `Bearer ${token}`, connection: "close" })).status;
/** Several looks, so that each of the gateway's processes has been asked. */
async function stays(token: string, status: number): Promise<void> {
  for (let look = 0; look < 8; look += 1) expect(await statusWith(token)).toBe(status);
}
async function becomes(token: string, status: number): Promise<void> {
  await until(
    () => Promise.all(Array.from({ length: 4 }, () => statusWith(token))),
    (seen) => seen.every((one) => one === status),
    PATIENCE_MS,
  );
  await stays(token, status);
}

const announce = () => redis.publish(DEPLOYMENTS_CHANNEL, "changed");
const revoke = async (token: string, tokenId = decodeJwt(token).jti) => {
  await console_.query(`INSERT INTO "RevokedToken" VALUES ('shop', $1, timezone('utc', now()) + interval '5 minutes')`, [tokenId]);
  await announce();
};
const end = async (clientId: string, isOff: boolean) => {
  await console_.query(
    `INSERT INTO "EndedClient" ("clientId", "serverId", "endedAt", "isOff", "expiresAt")
     VALUES ($1, 'shop', timezone('utc', now()), $2, timezone('utc', now()) + interval '25 hours')
     ON CONFLICT ("clientId") DO UPDATE SET "endedAt" = excluded."endedAt", "isOff" = excluded."isOff"`,
    [clientId, isOff],
  );
  await announce();
};
const enable = async (enabled: boolean) => {
  await console_.query(`UPDATE "AuthorizationServer" SET "enabled" = $1 WHERE "id" = 'shop'`, [enabled]);
  await announce();
};
/** Stores an opaque token as oidc-provider does. */
async function opaque(serverId = "shop"): Promise<{ token: string; id: string }> {
  const token = randomBytes(32).toString("base64url");
  const id = createHash("sha256").update(token).digest("base64url");
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iat: now,
    exp: now + 300,
    clientId: "app",
    aud: "api://shop",
    scope: "read",
    kind: "ClientCredentials",
    format: "opaque",
  };
  await console_.query(
    `INSERT INTO "OidcRecord" ("serverId", "model", "id", "payload", "expiresAt") VALUES ($1, 'ClientCredentials', $2, $3, timezone('utc', now()) + interval '5 minutes')`,
    [serverId, id, JSON.stringify(payload)],
  );
  return { token, id };
}

describe.each([
  ["by polling", [], false],
  ["by Redis", [], true],
  ["in two workers", ["--workers", "2"], false],
] as const)("a data plane refuses, %s,", (_name, args, usesRedis) => {
  beforeEach(async () => {
    await launch({ args: [...args], env: usesRedis ? { REDIS_URL: redisUrl } : {} });
  });

  it("a token that was revoked, and no other", async () => {
    const [token, other] = await Promise.all([issue({}), issue({})]);
    await stays(token, 200);
    await revoke(token);
    await becomes(token, 401);
    await stays(other, 200);
    await revoke(other);
    await becomes(other, 401);
    await stays(token, 401);
  });

  it("the tokens of an application that was switched off, for good, and takes new ones when it is on again", async () => {
    const before = await issue({ client_id: "mobile" });
    const foreign = await issue({});
    await stays(before, 200);
    await end("mobile", true);
    await becomes(before, 401);
    await stays(foreign, 200);
    await end("mobile", false);
    await stays(before, 401);
    // Times in tokens are whole seconds: those of the second in which it ended are refused too.
    await until(
      async () => statusWith(await issue({ client_id: "mobile" })),
      (status) => status === 200,
      PATIENCE_MS,
    );
    await stays(before, 401);
  });

  it("all tokens of a server that was disabled, until it is enabled", async () => {
    const token = await issue({});
    await stays(token, 200);
    await enable(false);
    await becomes(token, 401);
    await enable(true);
    await becomes(token, 200);
  });

  it("an opaque token that was revoked, is unknown or is another server's", async () => {
    const { token, id } = await opaque();
    await stays(token, 200);
    await console_.query(`DELETE FROM "OidcRecord" WHERE "id" = $1`, [id]);
    await revoke(token, id);
    await becomes(token, 401);
    await stays((await opaque("other")).token, 401);
    await stays(randomBytes(32).toString("base64url"), 401);
  });
});

describe("a data plane", () => {
  it("takes tokens of the next key at once and of a former key until its time is over, also while Postgres is away", async () => {
    await launch();
    const token = await issue({});
    await stays(token, 200);
    const [row] = await console_.query(
      `UPDATE "SigningKey" SET "state" = 'previous', "expiresAt" = timezone('utc', now()) + interval '3 seconds' WHERE "serverId" = 'shop' RETURNING "kid"`,
    );
    expect(row?.kid).toBe("key-of-shop");
    await until(
      () => gateway.readiness(),
      ({ degraded }) => degraded.length === 0,
    );
    // A look later the gateway has the key's end, and Postgres is not asked for it any more.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await way.cut();
    await becomes(token, 401);
    await console_.query(`UPDATE "SigningKey" SET "state" = 'active', "expiresAt" = NULL WHERE "serverId" = 'shop'`);
    await way.mend();
    await becomes(token, 200);
  });

  it("answers 503 to opaque tokens it has not seen while Postgres is away, and serves those that it has", async () => {
    await launch();
    const [known, unknown] = await Promise.all([opaque(), opaque()]);
    await stays(known.token, 200);
    await way.cut();
    await stays(known.token, 200);
    await stays(unknown.token, 503);
    await way.mend();
    await becomes(unknown.token, 200);
  });

  it("that starts without Postgres refuses what was revoked before", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "gw-ended-"));
    await launch({ dataDir });
    const [token, other] = await Promise.all([issue({}), issue({})]);
    await revoke(token);
    await becomes(token, 401);
    await gateway.stop();
    expect(readFileSync(join(dataDir, "gateways/me.json"), "utf8")).toContain(decodeJwt(token).jti);
    await way.cut();
    await launch({ dataDir });
    await stays(token, 401);
    await stays(other, 200);
    await gateway.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
