import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LaunchedGateway, launchGateway, until } from "@/lib/data-plane/testing/launch";
import { json, startTokenServer, type TokenServer } from "@/lib/gateway/endpoint-security/testing/token-server";
import { startServer, type TestServer } from "@/lib/gateway/testing/servers";
import { database } from "@/lib/platform/database";
import { type OwnRedis, ownRedis } from "@/lib/platform/testing/redis-server";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { createApi, deleteApi, getDefinition } from "./apis";
import { issueTryToken } from "./application-token";
import { createApplication } from "./applications";
import { applicationBodySchema } from "./contract/authorization";
import { deployApi, getChanges, getDeployment, undeployApi } from "./deployments";
import { listEndpointTokens } from "./endpoint-tokens";
import { exportApi } from "./exchange";
import { listGateways } from "./gateways";
import { startConsole } from "./start-console";
import { tryCall } from "./try-call";

const mark = () => `s3:cret+%&=/ü${randomBytes(12).toString("hex")}`;
const secretKey = randomBytes(32).toString("base64");
const redisPassword = randomBytes(16).toString("hex");
const secrets = {
  clientSecret: mark(),
  sandboxClientSecret: mark(),
  sandboxPassword: mark(),
  sandboxParameter: mark(),
  basicPassword: mark(),
  introspectionSecret: mark(),
};
/** Everything that may be found nowhere. */
const needles = new Set<string>([...Object.values(secrets), secretKey, redisPassword]);

let db: TestDatabase;
let redis: OwnRedis;
let client: Redis;
let tokens: TokenServer;
let backend: TestServer;
/** What the backend got last, and whether it accepts a value. */
let seen: string | undefined;
let accepts: (authorization: string | undefined) => boolean = () => true;
let plane: LaunchedGateway;
const apis: { [Name in "secured" | "basic"]: string } = { secured: "", basic: "" };
let refuses = false;

beforeAll(async () => {
  [db, redis, tokens, backend] = await Promise.all([
    testDatabase(),
    ownRedis(["--requirepass", redisPassword]),
    startTokenServer(),
    startServer((incoming, outgoing) => {
      seen = incoming.headers.authorization;
      outgoing.writeHead(accepts(seen) ? 200 : 401, { "www-authenticate": "Bearer" }).end("ok");
    }),
  ]);
  tokens.answer = (request, outgoing) => {
    // As careless servers do, it says again what it was told.
    if (refuses) return json(outgoing, { error: "invalid_client", error_description: `no client with ${request.body}` }, 401);
    const [accessToken, refreshToken] = [randomBytes(24).toString("hex"), randomBytes(24).toString("hex")];
    needles.add(accessToken).add(refreshToken);
    json(outgoing, { access_token: accessToken, refresh_token: refreshToken, token_type: "Bearer", expires_in: 3600 });
  };
  const shared = {
    DATABASE_URL: db.url,
    GATEWRIGHT_SECRET_KEY: secretKey,
    REDIS_HOST: "127.0.0.1",
    REDIS_PORT: String(redis.port),
    REDIS_PASSWORD: redisPassword,
    REDIS_DATABASE: "2",
  };
  Object.assign(process.env, shared, { REDIS_URL: "", GATEWRIGHT_PUBLIC_URL: "https://console.example" });
  client = new Redis({ host: "127.0.0.1", port: redis.port, password: redisPassword });
  await startConsole({ development: true });
  plane = await launchGateway({
    env: { ...shared, GATEWRIGHT_INSTANCE: "plane", GATEWRIGHT_ADMIN_TOKEN: "token-of-this-test" },
    args: ["--workers", "2"],
  });
  await until(
    () => plane.readiness(),
    ({ status }) => status === 200,
  );
});
afterAll(async () => {
  await plane?.stop();
  client?.disconnect();
  await database().$disconnect();
  await db?.drop();
  await Promise.all([tokens?.close(), backend?.close(), redis?.close()]);
});

const oauth2 = (more: Record<string, unknown>) => ({ type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway", ...more });

/** A secret as it may be written: by itself, encoded for a form, a URL or a header, or as a part of JSON. */
const spellings = (secret: string): string[] => {
  const form = new URLSearchParams({ x: secret }).toString().slice(2);
  const basic = [`gateway:${secret}`, `gateway:${form}`, `svc:${secret}`].map((pair) => Buffer.from(pair).toString("base64"));
  const bytes = Buffer.from(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    form,
    encodeURIComponent(secret),
    inJson,
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    ...basic,
  ];
};
const foundIn = (place: string, text: string): string[] =>
  [...needles].flatMap((needle) => (spellings(needle).some((spelling) => text.includes(spelling)) ? [`${place}: ${needle}`] : []));

/** All keys with all values, of all databases of Redis. */
async function everythingInRedis(): Promise<{ keys: string[]; text: string }> {
  const keys: string[] = [];
  const parts: string[] = [];
  for (let index = 0; index < 16; index += 1) {
    await client.select(index);
    for (const key of await client.keys("*")) {
      keys.push(key);
      expect(await client.type(key), "a kind of value that this test reads").toBe("string");
      parts.push(key, (await client.get(key)) ?? "");
    }
  }
  await client.select(2);
  return { keys, text: parts.join("\n") };
}

/** All rows of all tables. */
async function everythingInPostgres(): Promise<string> {
  const pool = new pg.Pool({ connectionString: db.url, max: 1 });
  try {
    const { rows: tables } = await pool.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await pool.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
      parts.push(name, ...rows.map(({ row }) => row));
    }
    return parts.join("\n");
  } finally {
    await pool.end();
  }
}

describe("after a run with every kind of secret and with tokens of backends", () => {
  const told: string[] = [];
  const tell = (value: unknown) => told.push(typeof value === "string" ? value : JSON.stringify(value));

  it("calls reached both endpoints by both gateways, and some failed", async () => {
    const resources = [
      { name: "own", type: "oauth2-builtin", config: { server: "default" } },
      {
        name: "other",
        type: "oauth2-introspection",
        config: { introspectionEndpoint: "https://idp.example/introspect", clientId: "gateway", clientSecret: secrets.introspectionSecret },
      },
    ];
    const secured = {
      name: "Secured",
      contextPath: "/secured",
      resources,
      flows: [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }],
      endpoints: {
        production: { url: backend.origin, security: oauth2({ clientSecret: secrets.clientSecret }) },
        sandbox: {
          url: backend.origin,
          security: oauth2({
            grantType: "password",
            username: "svc",
            password: secrets.sandboxPassword,
            clientSecret: secrets.sandboxClientSecret,
            parameters: [{ name: "api_key", value: secrets.sandboxParameter, secret: true }],
          }),
        },
      },
    };
    const security = { type: "basic", username: "svc", password: secrets.basicPassword };
    apis.secured = (await createApi(secured, "test")).id;
    apis.basic = (
      await createApi({ name: "Basic", contextPath: "/basic", endpoints: { production: { url: backend.origin, security } } }, "test")
    ).id;
    for (const id of Object.values(apis)) await deployApi(id, "", undefined, "test");
    for (const environment of ["production", "sandbox"] as const) {
      const application = await createApplication(applicationBodySchema.parse({ name: environment, environment }), "test");
      if (application.clientSecret) needles.add(application.clientSecret);
      const { accessToken } = await issueTryToken(application.id, [], "test");
      needles.add(accessToken);
      const authorization = `Bearer ${accessToken}`;
      const throughPlane = () => plane.get("/secured/x", { authorization });
      const throughConsole = async () => {
        const answer = await tryCall(apis.secured, {
          method: "GET",
          path: "/x",
          headers: { authorization },
          environment,
          target: "deployed",
        });
        tell(answer);
        return { status: answer.response.status };
      };
      for (const send of [throughPlane, throughConsole]) await until(send, ({ status }) => status === 200);
      // A token that is renewed because the backend refuses it, and then one that cannot be had.
      const refused = seen;
      accepts = (sent) => sent !== refused;
      for (const send of [throughPlane, throughConsole]) expect((await send()).status).toBe(200);
      refuses = true;
      accepts = () => false;
      for (const send of [throughPlane, throughConsole]) expect((await send()).status).toBeGreaterThanOrEqual(401);
      refuses = false;
      accepts = () => true;
    }
    await until(
      () => plane.get("/basic/x"),
      ({ status }) => status === 200,
    );
    tell((await plane.get("/secured/x", { authorization: "Bearer wrong" })).text);
    expect(tokens.seen.length).toBeGreaterThan(3);
    expect(needles.size).toBeGreaterThan(12);
    // The search itself finds what it is to find.
    for (const needle of needles)
      for (const spelling of spellings(needle)) expect(foundIn("here", `<${spelling}>`)).toContain(`here: ${needle}`);
  });

  it("Redis contains none of them, and each key expires", async () => {
    await until(
      async () => (await everythingInRedis()).keys.filter((key) => key.startsWith(`gatewright:token:${apis.secured}:`)),
      (keys) => keys.length > 0,
    );
    const { keys, text } = await everythingInRedis();
    expect(foundIn("Redis", text)).toEqual([]);
    for (const key of keys) expect([key, await client.pttl(key)]).not.toEqual([key, -1]);
  });

  it("Postgres contains none of them in any column", async () => {
    // What the gateways say of themselves, with the failures, is there too.
    await until(everythingInPostgres, (text) => /"endpointTokens": ?\[\{/.test(text));
    const text = await everythingInPostgres();
    expect(text).toContain("Secured");
    expect(foundIn("Postgres", text)).toEqual([]);
  });

  it("logs, health, metrics, and the disk copy contain none of them", async () => {
    const log = plane.output();
    expect(log).toContain("BACKEND_AUTHORIZATION_REFUSED");
    expect(foundIn("log", log)).toEqual([]);
    const metrics = await plane.get("/metrics", { authorization: "Bearer token-of-this-test" });
    expect(metrics.status).toBe(200);
    expect(foundIn("metrics", metrics.text + (await plane.get("/readyz")).text)).toEqual([]);
    const folder = join(plane.dataDir, "gateways");
    const copies = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const files = copies.map((name) => readFileSync(join(folder, name), "utf8"));
    expect(files.join("\n")).toContain("Secured");
    expect(foundIn("copy", files.join("\n"))).toEqual([]);
  });

  it("exports, management API responses, and traces contain none of them", async () => {
    for (const id of Object.values(apis)) {
      for (const format of ["json", "yaml", "postman", "curl"] as const) tell((await exportApi(id, format)).text);
      tell([await getDefinition(id), await getDeployment(id, 1), await getChanges(id, {}), await listEndpointTokens(id)]);
    }
    tell(await listGateways({ limit: 100 }));
    expect(told.join("\n")).toMatch(/"state":"(?:kept|failing|backingOff)"/);
    expect(foundIn("answers", told.join("\n"))).toEqual([]);
  });

  it("what was shared for an API goes when it is undeployed or deleted, and that of others stays", async () => {
    const shared = async () => (await everythingInRedis()).keys.filter((key) => key.startsWith(`gatewright:token:${apis.secured}:`));
    await client.set("gatewright:token:other:production:x", "1 x", "PX", 60_000);
    expect(await shared()).not.toEqual([]);
    await undeployApi(apis.secured, "test");
    await until(shared, (keys) => keys.length === 0);
    await deleteApi(apis.secured, undefined, "test");
    expect((await everythingInRedis()).keys).toContain("gatewright:token:other:production:x");
  });
});
