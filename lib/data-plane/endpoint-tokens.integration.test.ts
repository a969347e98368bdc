import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTokenServer, type TokenServer } from "@/lib/gateway/endpoint-security/testing/token-server";
import { startServer, type TestServer } from "@/lib/gateway/testing/servers";
import { testCertificates } from "@/lib/platform/testing/certificates";
import { type OwnRedis, ownRedis } from "@/lib/platform/testing/redis-server";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, type LaunchOptions, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

const key = newSecretKey();
const CLIENT_SECRET = "client-secret-that-nobody-may-see-0123456789";
const REDIS_PASSWORD = "redis-password-that-nobody-may-see";

let database: TestDatabase;
let console_: TestDeployments;
let backend: TestServer;
let tokens: TokenServer;
let redis: OwnRedis;
let usual: TokenServer["answer"];
let apis = 0;

beforeAll(async () => {
  redis = await ownRedis(["--requirepass", REDIS_PASSWORD]);
  backend = await startServer((incoming, outgoing) => {
    const isKnown = /^Bearer token-\d+$/.test(incoming.headers.authorization ?? "");
    outgoing.writeHead(isKnown ? 200 : 401).end(incoming.headers.authorization ?? "nobody");
  });
  tokens = await startTokenServer();
  usual = tokens.answer;
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
});
afterAll(async () => {
  await console_?.close();
  await database?.drop();
  await Promise.all([backend?.close(), tokens?.close(), redis?.close()]);
});
beforeEach(() => {
  tokens.answer = usual;
  tokens.seen.length = 0;
});
afterEach(stopAllGateways);

/** Deploys an API whose backend needs a token, and answers its id and context path. */
async function deploySecured(overrides: Record<string, unknown> = {}): Promise<{ apiId: string; path: string }> {
  apis += 1;
  const apiId = `api_${apis}`;
  const security = { type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway", ...overrides };
  await console_.deploy(
    apiId,
    { contextPath: `/${apiId}`, endpoints: { production: { url: backend.origin, security } } },
    { "endpoints/production/clientSecret": CLIENT_SECRET },
  );
  return { apiId, path: `/${apiId}/orders` };
}

async function launch(options: LaunchOptions = {}): Promise<LaunchedGateway> {
  const gateway = await launchGateway({
    ...options,
    env: {
      DATABASE_URL: database.url,
      GATEWRIGHT_SECRET_KEY: key,
      REDIS_HOST: "127.0.0.1",
      REDIS_PORT: String(redis.port),
      REDIS_PASSWORD,
      REDIS_DATABASE: "3",
      ...options.env,
    },
  });
  await until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length === 0,
  );
  return gateway;
}

const call = async (gateway: LaunchedGateway, path: string) => {
  const { status, text } = await gateway.get(path);
  return `${status} ${text}`;
};

describe("gateways on one Redis", () => {
  it("ask for one token between them, each of their processes too", async () => {
    const { path } = await deploySecured();
    const gateways = await Promise.all([launch({ args: ["--workers", "2"] }), launch()]);
    tokens.answer = async (_, outgoing, number) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ access_token: `token-${number}`, token_type: "Bearer", expires_in: 3600 }));
    };
    const answers = await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 100 }, () => call(gateway, path))));
    expect(new Set(answers)).toEqual(new Set(["200 Bearer token-1"]));
    expect(tokens.seen).toHaveLength(1);
  });

  it("all forget a token that was dropped, and get one new one", async () => {
    const { apiId, path } = await deploySecured();
    const gateways = await Promise.all([launch({ args: ["--workers", "2"] }), launch()]);
    for (const gateway of gateways) expect(await call(gateway, path)).toBe("200 Bearer token-1");
    await console_.query(`INSERT INTO "EndpointTokenDrop" ("apiId", "environment", "epoch") VALUES ($1, 'production', 1)`, [apiId]);
    for (const gateway of gateways)
      await until(
        () => call(gateway, path),
        (answer) => answer === "200 Bearer token-2",
      );
    expect(tokens.seen).toHaveLength(2);
  });

  it("report what they keep, and that Redis and Postgres are there", async () => {
    const { apiId, path } = await deploySecured();
    const gateways = await Promise.all([
      launch({ args: ["--workers", "2"], env: { GATEWRIGHT_INSTANCE: "two" } }),
      launch({ env: { GATEWRIGHT_INSTANCE: "one" } }),
    ]);
    for (const gateway of gateways) expect(await call(gateway, path)).toBe("200 Bearer token-1");
    const states = await until(
      async () => (await console_.query(`SELECT "state" FROM "Gateway" ORDER BY "id"`)).map(({ state }) => state),
      (seen) => seen.length === 2 && seen.every((state) => JSON.stringify(state).includes('"kept"')),
    );
    const kept = { apiId, environment: "production", state: "kept", lastError: null };
    for (const state of states)
      expect(state).toMatchObject({
        degraded: [],
        dependencies: { postgres: true, redis: true },
        endpointTokens: [expect.objectContaining(kept)],
      });
    expect(JSON.stringify(states)).not.toContain("token-1");
  });
});

describe("a gateway whose Redis speaks TLS", () => {
  it("trusts the authority of NODE_EXTRA_CA_CERTS and no other, and says that Redis is away when it does not", async () => {
    const certificates = testCertificates("IP:127.0.0.1");
    const { certificate, key: file, ca } = certificates;
    const tls = ["--tls-cert-file", certificate, "--tls-key-file", file, "--tls-ca-cert-file", ca, "--tls-auth-clients", "no"];
    const secure = await ownRedis([...tls, "--requirepass", REDIS_PASSWORD], "tls-port");
    try {
      const env = { REDIS_PORT: String(secure.port), REDIS_TLS: "on" };
      await launch({ env: { ...env, NODE_EXTRA_CA_CERTS: ca } });
      const distrustful = await launchGateway({
        env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key, REDIS_HOST: "127.0.0.1", REDIS_PASSWORD, ...env },
      });
      await until(
        () => distrustful.readiness(),
        ({ status, degraded }) => status === 200 && degraded[0]?.startsWith("Redis is unreachable") === true,
      );
      expect(distrustful.output()).toContain("self-signed certificate in certificate chain");
      expect(distrustful.output()).not.toContain(REDIS_PASSWORD);
    } finally {
      await secure.close();
      certificates.close();
    }
  });
});

describe("gateways whose Redis goes away", () => {
  /** Calls all the time until it is told to stop; answers how often each answer came. */
  function load(gateways: readonly LaunchedGateway[], path: string) {
    const counts = new Map<string, number>();
    let running = true;
    const callers = gateways.flatMap((gateway) =>
      Array.from({ length: 4 }, async () => {
        while (running) {
          const [answer = ""] = (await call(gateway, path).catch((error: unknown) => String(error))).split(" ");
          counts.set(answer, (counts.get(answer) ?? 0) + 1);
        }
      }),
    );
    return {
      async stop() {
        running = false;
        await Promise.all(callers);
        return counts;
      },
    };
  }
  const readyWith = (gateways: readonly LaunchedGateway[], holds: (degraded: string[]) => boolean) =>
    Promise.all(
      gateways.map((gateway) =>
        until(
          () => gateway.readiness(),
          ({ status, degraded }) => status === 200 && holds(degraded),
        ),
      ),
    );
  const renewedAgain = async () => {
    const before = tokens.seen.length;
    await until(
      () => tokens.seen.length,
      (count) => count > before + 2,
    );
  };

  it("fail no call while it is stopped, away, silent and back again, under load with tokens that live two seconds", async () => {
    tokens.answer = (_, outgoing, number) => {
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ access_token: `token-${number}`, token_type: "Bearer", expires_in: 2 }));
    };
    const { path } = await deploySecured();
    const gateways = await Promise.all([launch(), launch()]);
    const calls = load(gateways, path);
    await renewedAgain();
    await redis.stop();
    await readyWith(gateways, ([first = "", ...others]) => first.startsWith("Redis is unreachable") && others.length === 0);
    await renewedAgain();
    await redis.start();
    await readyWith(gateways, (degraded) => degraded.length === 0);
    await renewedAgain();
    redis.pause();
    await readyWith(gateways, (degraded) => degraded.length === 1);
    await renewedAgain();
    redis.resume();
    await readyWith(gateways, (degraded) => degraded.length === 0);
    await renewedAgain();
    const counts = await calls.stop();
    expect([...counts.keys()]).toEqual(["200"]);
    for (const gateway of gateways) expect(gateway.output()).toContain("backend tokens aren't shared");
  });

  it("serve from the start without it, and share again when it comes", async () => {
    await redis.stop();
    const { path } = await deploySecured();
    const gateways = await Promise.all(
      [1, 2].map(() =>
        launchGateway({
          env: {
            DATABASE_URL: database.url,
            GATEWRIGHT_SECRET_KEY: key,
            REDIS_URL: `redis://:${REDIS_PASSWORD}@127.0.0.1:${redis.port}/3`,
          },
        }),
      ),
    );
    await readyWith(gateways, (degraded) => degraded.length === 1);
    for (const gateway of gateways) expect((await call(gateway, path)).startsWith("200")).toBe(true);
    expect(tokens.seen).toHaveLength(2);
    await redis.start();
    await readyWith(gateways, (degraded) => degraded.length === 0);
    const other = await deploySecured();
    await Promise.all(
      gateways.map((gateway) =>
        until(
          () => call(gateway, other.path),
          (answer) => answer.startsWith("200"),
        ),
      ),
    );
    expect(tokens.seen).toHaveLength(3);
  });
});
