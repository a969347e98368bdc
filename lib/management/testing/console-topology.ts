import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestBackend, testBackend } from "@/lib/data-plane/testing/backend";
import { type LaunchedGateway, launchGateway, stopAllGateways, until } from "@/lib/data-plane/testing/launch";
import { type LoadBalancer, startLoadBalancer } from "@/lib/data-plane/testing/load-balancer";
import { freePort } from "@/lib/testing/free-port";
import { type RunningGatewright, type StartOptions, startGatewright } from "@/lib/testing/start-gatewright";

export const MANAGEMENT_TOKEN = "management-token-of-the-fault-suite";
/** Longer than any response may take. */
const TIMEOUT_MS = 30_000;

export interface ConsoleResponse {
  status: number;
  retryAfter: string | null;
  etag: string | null;
  body: Record<string, unknown>;
}

/** Sends one request. If the connection fails or times out, the status is 0 and the body has the reason. */
export async function send(url: string, init: RequestInit = {}): Promise<ConsoleResponse> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    const body = text.startsWith("{") ? JSON.parse(text) : { text };
    const { headers, status } = response;
    return { status, retryAfter: headers.get("retry-after"), etag: headers.get("etag"), body };
  } catch (error) {
    return { status: 0, retryAfter: null, etag: null, body: { text: String(error) } };
  }
}

/** A console and two gateways behind the shipped nginx configuration. */
export interface ConsoleTopology {
  console: RunningGatewright;
  gateways: readonly [LaunchedGateway, LaunchedGateway];
  balancer: LoadBalancer;
  manage(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ConsoleResponse>;
  /** Requests a token for the deployed API from the token endpoint. */
  token(): Promise<ConsoleResponse>;
  readiness(): Promise<{ status: number; degraded: string }>;
  /** Reads a metric of the console by its name and labels. */
  metric(name: string): Promise<string | undefined>;
  /** Restarts the console on the same port and data directory. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

/** Returns a definition that requires a token of the default server for all requests. */
export const guarded = (name: string, url: string, more: Record<string, unknown> = {}) => ({
  name,
  version: "1",
  contextPath: `/${name}`,
  endpoints: { production: { url } },
  resources: [{ name: "own", type: "oauth2-builtin", config: { server: "default" } }],
  flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }],
  ...more,
});

/**
 * Starts the topology, and waits until every gateway serves the API `guarded`. The gateways share the console's database, which is
 * the embedded one unless `env` sets another.
 */
export async function startConsoleTopology(options: StartOptions & { env: Record<string, string> }): Promise<ConsoleTopology> {
  const backend: TestBackend = await testBackend((incoming, outgoing) => {
    incoming.resume();
    incoming.on("end", () => outgoing.end("served"));
  });
  const port = options.port ?? (await freePort());
  const env: Record<string, string> = { GATEWRIGHT_ADMIN_TOKEN: MANAGEMENT_TOKEN, ...options.env };
  let product = await startGatewright({ ...options, env, port });
  const { dataDir } = product;
  const databaseUrl = env.DATABASE_URL ?? readFileSync(join(dataDir, "run/database-url"), "utf8").trim();
  const secretKey = env.GATEWRIGHT_SECRET_KEY ?? readFileSync(join(dataDir, "secret-key"), "utf8").trim();
  const ports = [await freePort(), await freePort()] as const;
  const launch = (index: 0 | 1) =>
    launchGateway({
      port: ports[index],
      env: {
        ...(env.REDIS_URL ? { REDIS_URL: env.REDIS_URL } : {}),
        DATABASE_URL: databaseUrl,
        GATEWRIGHT_SECRET_KEY: secretKey,
        GATEWRIGHT_INSTANCE: `gateway-${index + 1}`,
        GATEWRIGHT_TRUSTED_PROXIES: "127.0.0.1",
      },
    });
  const gateways = [await launch(0), await launch(1)] as const;
  const balancer = await startLoadBalancer({
    gateways: [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`],
    console: `127.0.0.1:${port}`,
  });
  const authorized = { authorization: `Bearer ${MANAGEMENT_TOKEN}` };
  const manage: ConsoleTopology["manage"] = (method, path, body, headers = {}) =>
    send(`${balancer.consoleUrl}/api/v1${path}`, {
      method,
      headers: { ...authorized, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const created = await manage("POST", "/applications", { name: "client", environment: "production" });
  const { clientId, clientSecret } = created.body as { clientId: string; clientSecret: string };
  const api = await manage("POST", "/apis", guarded("guarded", backend.url));
  await manage("POST", `/apis/${api.body.id}/deployments`, {});

  const topology: ConsoleTopology = {
    get console() {
      return product;
    },
    gateways,
    balancer,
    manage,
    token: () =>
      send(`${balancer.consoleUrl}/oauth2/default/v1/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        body: "grant_type=client_credentials",
      }),
    async readiness() {
      const { status, body } = await send(`${product.url}/readyz`, { headers: authorized });
      return { status, degraded: JSON.stringify(body.degraded ?? []) };
    },
    async metric(name) {
      const { body } = await send(`${product.url}/metrics`, { headers: authorized });
      return String(body.text)
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1);
    },
    async startAgain() {
      product = await startGatewright({ env, dataDir, port });
    },
    async close() {
      await balancer.stop();
      await stopAllGateways();
      await product.stop();
      await backend.close();
    },
  };
  for (const gateway of gateways)
    await until(
      () => gateway.get("/guarded/x").catch(() => ({ status: 0 })),
      ({ status }) => status === 401,
      60_000,
    );
  return topology;
}
