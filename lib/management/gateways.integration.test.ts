import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeIssuers } from "@/lib/authorization-server/servers";
import { type TestBackend, testBackend } from "@/lib/data-plane/testing/backend";
import { type LaunchedGateway, launchGateway, until } from "@/lib/data-plane/testing/launch";
import { startTokenServer, type TokenServer } from "@/lib/gateway/endpoint-security/testing/token-server";
import { startServer, type TestServer } from "@/lib/gateway/testing/servers";
import { database } from "@/lib/platform/database";
import { DEPLOYMENTS_CHANNEL } from "@/lib/platform/redis";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { createApi, deleteApi } from "./apis";
import { issueTryToken } from "./application-token";
import { createApplication } from "./applications";
import { createAuthorizationServer } from "./authorization-servers";
import { tryBodySchema } from "./contract/apis";
import { applicationBodySchema, authorizationServerBodySchema } from "./contract/authorization";
import { gatewayListSchema, gatewayStateSchema } from "./contract/gateways";
import { deployApi, undeployApi } from "./deployments";
import { dropEndpointToken, listEndpointTokens } from "./endpoint-tokens";
import { listDeploymentGateways, listGateways } from "./gateways";
import { startConsole } from "./start-console";
import { tryCall } from "./try-call";

const secretKey = randomBytes(32).toString("base64");
let db: TestDatabase;
let backend: TestBackend;
let redis: Redis;
/** A connection that listens takes no other commands. */
let commands: Redis;
let tokens: TokenServer;
/** A backend that answers with the token that it was sent. */
let guarded: TestServer;
let plane: LaunchedGateway;
const announced: string[] = [];

beforeAll(async () => {
  const redisUrl = process.env.TEST_REDIS_URL;
  if (!redisUrl) throw new Error("Run this with npm test -- --integration, or with the lines of node scripts/test-services.mjs.");
  db = await testDatabase();
  backend = await testBackend();
  const shared = { DATABASE_URL: db.url, GATEWRIGHT_SECRET_KEY: secretKey, REDIS_URL: redisUrl };
  Object.assign(process.env, shared, { GATEWRIGHT_PUBLIC_URL: "https://console.example" });
  redis = new Redis(redisUrl);
  commands = new Redis(redisUrl);
  tokens = await startTokenServer();
  guarded = await startServer((incoming, outgoing) => outgoing.end(incoming.headers.authorization ?? "nobody"));
  redis.on("message", (_channel, message) => announced.push(message));
  await redis.subscribe(DEPLOYMENTS_CHANNEL);
  await startConsole({ development: true });
  plane = await launchGateway({ env: { ...shared, GATEWRIGHT_INSTANCE: "plane" } });
  await until(
    () => plane.readiness(),
    ({ status }) => status === 200,
  );
});
afterAll(async () => {
  await plane?.stop();
  redis?.disconnect();
  commands?.disconnect();
  await tokens?.close();
  await guarded?.close();
  await database().$disconnect();
  await db?.drop();
  await backend?.close();
});

const list = async () => gatewayListSchema.parse(await listGateways({ limit: 100 })).items;

describe("a console and a data plane", () => {
  let apiId = "";

  it("both serve what is deployed, and both are listed with the number that they run", async () => {
    const resources = [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }];
    const flows = [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }];
    await createAuthorizationServer(authorizationServerBodySchema.parse({ id: "shop", name: "Shop", audience: "api://shop" }), "test");
    await until(
      () => announced.length,
      (count) => count > 0,
    );
    const definition = { name: "One", contextPath: "/one", endpoints: { production: { url: backend.url } }, resources, flows };
    ({ id: apiId } = await createApi(definition, "test"));
    announced.length = 0;
    const { number } = await deployApi(apiId, "", undefined, "test");
    await until(
      () => announced.length,
      (count) => count > 0,
    );
    const gateways = await until(list, (items) => items.filter(({ deployments }) => deployments.length === 1).length === 2);
    const { hostname: host, port } = new URL(process.env.REDIS_URL ?? "");
    const redisServer = { host, port: Number(port), username: null, hasPassword: false, database: 0, tls: false, connectTimeoutMs: 5000 };
    expect(gateways).toMatchObject([
      {
        kind: "embedded",
        self: true,
        status: "serving",
        live: true,
        postgres: "connected",
        redis: "connected",
        redisServer,
        degraded: [],
        url: "https://console.example/gateway",
        deployments: [{ apiId, number }],
      },
      {
        id: "plane",
        kind: "data-plane",
        self: false,
        status: "serving",
        live: true,
        postgres: "connected",
        redis: "connected",
        redisServer,
        degraded: [],
        workers: 1,
        deployments: [{ apiId, number }],
      },
    ]);
    expect(await listDeploymentGateways(apiId, number)).toMatchObject({ live: 2, of: 2, gateways: [{ number }, { id: "plane", number }] });
  });

  it("agree on who issued a token: the issuer comes from the console's public URL, not from the data plane's port", async () => {
    const application = await createApplication(applicationBodySchema.parse({ name: "App", authorizationServer: "shop" }), "test");
    const { accessToken } = await issueTryToken(application.id, [], "test");
    const answer = await until(
      () => plane.get("/one/x", { authorization: `Bearer ${accessToken}` }),
      ({ status }) => status === 200,
    );
    expect(answer.text).toBe(`/x ${application.clientId}`);
    const metadata = JSON.parse((await plane.get("/.well-known/oauth-protected-resource/one")).text);
    expect(metadata.authorization_servers).toEqual(["https://console.example/oauth2/shop"]);
  });

  it("update issuers when the public URL changes", async () => {
    await database().authorizationServer.updateMany({ data: { issuer: "https://former.example" } });
    await writeIssuers(database());
    const servers = await database().authorizationServer.findMany({ orderBy: { id: "asc" } });
    expect(servers.map(({ issuer }) => issuer)).toEqual(["https://console.example/oauth2/default", "https://console.example/oauth2/shop"]);
  });

  it("share an endpoint's token, each report and clear it, and delete it with the API", async () => {
    const security = { type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway", clientSecret: "hunter2-hunter2" };
    const endpoints = { production: { url: guarded.origin, security } };
    const { id } = await createApi({ name: "Secured", contextPath: "/secured", endpoints }, "test");
    await deployApi(id, "", undefined, "test");
    await until(
      () => listDeploymentGateways(id, 1),
      ({ live }) => live === 2,
    );
    const call = async () => {
      const [embedded, other] = await Promise.all([tryCall(id, tryBodySchema.parse({})), plane.get("/secured")]);
      return [embedded.response.body, other.text];
    };
    const kept = async () => (await listEndpointTokens(id)).items;
    expect(await call()).toEqual(["Bearer token-1", "Bearer token-1"]);
    const told = await until(kept, (items) => items.every(({ state }) => state === "kept"));
    expect(told).toMatchObject([
      { environment: "production", gateway: { kind: "embedded" } },
      { environment: "production", gateway: { id: "plane", kind: "data-plane" } },
    ]);
    expect(new Set(told.map(({ expiresAt }) => expiresAt)).size).toBe(1);
    expect(JSON.stringify(told)).not.toContain("token-1");
    // What this console's row says is what another console shows.
    const row = async () => gatewayStateSchema.parse((await database().gateway.findFirst({ where: { kind: "embedded" } }))?.state);
    const said = await until(row, ({ endpointTokens }) => endpointTokens.length === 1);
    expect(said).toMatchObject({
      dependencies: { postgres: true, redis: true },
      redisServer: { database: 0 },
      endpointTokens: [{ apiId: id, state: "kept" }],
    });

    await dropEndpointToken(id, "production", "test");
    const [embedded] = await call();
    expect(embedded).toBe("Bearer token-2");
    await until(call, ([, other]) => other === "Bearer token-2");
    expect(tokens.seen).toHaveLength(2);

    const keys = () => commands.keys(`gatewright:token:${id}:*`);
    expect(await keys()).not.toEqual([]);
    await deleteApi(id, undefined, "test");
    expect(await keys()).toEqual([]);
  });

  it("undeploy together", async () => {
    await undeployApi(apiId, "test");
    await until(list, (items) => items.every(({ deployments }) => deployments.length === 0));
    await until(
      () => plane.get("/one/x"),
      ({ status }) => status === 404,
    );
  });

  it("list a gateway as offline 15 seconds after its last report, and remove it after 1 hour", async () => {
    const row = { kind: "data-plane", host: "h", address: "a", version: "v", since: new Date(), deployments: [], state: {} };
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    await database().gateway.createMany({
      data: [
        { ...row, id: "x-away", seenAt: ago(60) },
        { ...row, id: "x-gone", seenAt: ago(3700) },
      ],
    });
    const items = await list();
    expect(items.filter(({ id }) => id.startsWith("x-"))).toMatchObject([{ id: "x-away", status: "away" }]);
  });

  it("are listed page by page", async () => {
    const first = await listGateways({ limit: 1 });
    expect(first.items).toHaveLength(1);
    const second = await listGateways({ limit: 1, cursor: first.nextCursor ?? "" });
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
  });

  it("a stopped data plane isn't listed as missing", async () => {
    await plane.stop();
    expect((await list()).map(({ id }) => id)).not.toContain("plane");
  });
});
