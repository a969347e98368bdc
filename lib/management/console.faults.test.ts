import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { signalTree } from "@/lib/data-plane/testing/fault-topology";
import { newSecretKey, until } from "@/lib/data-plane/testing/launch";
import { type TcpProxy, tcpProxy, through } from "@/lib/data-plane/testing/tcp-proxy";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";
import { startServices, type TestServices } from "@/scripts/lib/services.mjs";

const TOKEN = "management-token-of-the-fault-suite";
/** Longer than any answer may take: a call that hangs is a failure. */
const HANGS_AFTER_MS = 30_000;
let services: TestServices;
let ways: { postgres: TcpProxy; redis: TcpProxy };
let product: RunningGatewright;
let client: { clientId: string; clientSecret: string };

beforeAll(async () => {
  services = await startServices();
  ways = { postgres: await tcpProxy(services.postgres.url), redis: await tcpProxy(services.redis.url) };
  product = await startGatewright({
    env: {
      DATABASE_URL: through(services.postgres.url, ways.postgres),
      REDIS_URL: through(services.redis.url, ways.redis),
      GATEWRIGHT_SECRET_KEY: newSecretKey(),
      GATEWRIGHT_ADMIN_TOKEN: TOKEN,
    },
  });
  client = (await created("client")).body as unknown as typeof client;
  const api = await manage("POST", "/apis", {
    name: "Guarded",
    version: "1",
    contextPath: "/guarded",
    endpoints: { production: { url: `${product.url}/samples/echo` } },
    resources: [{ name: "own", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }],
  });
  await manage("POST", `/apis/${api.body.id}/deployments`, { label: "" });
});
afterAll(async () => {
  await product?.stop();
  await ways?.postgres.close();
  await ways?.redis.close();
  services?.stop();
});
afterEach(async () => {
  await ways.postgres.mend();
  await ways.redis.mend();
});

interface Answer {
  status: number;
  retryAfter: string | null;
  body: Record<string, unknown>;
}
async function ask(path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(product.url + path, { ...init, signal: AbortSignal.timeout(HANGS_AFTER_MS) });
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      body: text.startsWith("{") ? JSON.parse(text) : { text },
    };
  } catch (error) {
    return { status: 0, retryAfter: null, body: { text: String(error) } };
  }
}
const manage = (method: string, path: string, body?: unknown) =>
  ask(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const created = (name: string) =>
  manage("POST", "/applications", { name, environment: "production", authorizationServer: "default", grantTypes: ["client_credentials"] });
const token = () =>
  ask("/oauth2/default/v1/token", {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
const readiness = async () => {
  const { status, body } = await ask("/readyz", { headers: { authorization: `Bearer ${TOKEN}` } });
  return { status, degraded: JSON.stringify(body.degraded ?? []) };
};
const metric = async (dependency: string) => {
  const { body } = await ask("/metrics", { headers: { authorization: `Bearer ${TOKEN}` } });
  return new RegExp(`^gatewright_dependency_up\\{dependency="${dependency}"\\} (\\d)$`, "m").exec(String(body.text))?.[1];
};

/** Writes, asks for tokens and calls the embedded gateway until it is told to stop. */
function startUsing() {
  let running = true;
  let writes = 0;
  const acknowledged: string[] = [];
  const wrong: string[] = [];
  const opened: string[] = [];
  const said = (what: string, { status, retryAfter, body }: Answer, expected: number) => {
    const isGood = status === expected || (status === 503 && retryAfter !== null);
    if (!isGood) wrong.push(`${what}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
  };
  const writer = async () => {
    while (running) {
      writes += 1;
      const answer = await created(`written-${writes}`);
      said("write", answer, 201);
      if (answer.status === 201) acknowledged.push(String(answer.body.id));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const others = async () => {
    let bearer = "";
    while (running) {
      const issued = await token();
      said("token", issued, 200);
      if (issued.status === 200) bearer = String(issued.body.access_token);
      said("list", await manage("GET", "/applications?limit=5"), 200);
      // The embedded gateway knows the key: it needs no database for a token of ours.
      if (bearer !== "") {
        const call = await ask("/gateway/guarded/x", { method: "POST", headers: { authorization: `Bearer ${bearer}` }, body: "body" });
        if (call.status !== 200) wrong.push(`call: ${call.status} ${JSON.stringify(call.body).slice(0, 200)}`);
      }
      const stranger = await ask("/gateway/guarded/x", {});
      if (stranger.status === 200) opened.push("without a token");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const all = Promise.all([writer(), writer(), others()]);
  return {
    acknowledged,
    async stop() {
      running = false;
      await all;
      return { wrong, opened };
    },
  };
}

const FAULTS: [name: string, dependency: "postgres" | "redis", begin: () => unknown, end: () => unknown][] = [
  ["stopped", "postgres", () => signalTree(services.postgres.pid(), "SIGSTOP"), () => signalTree(services.postgres.pid(), "SIGCONT")],
  ["half-open", "postgres", () => ways.postgres.hold(), () => ways.postgres.mend()],
  ["killed", "postgres", () => services.postgres.kill(), () => services.postgres.start()],
  ["stopped", "redis", () => process.kill(services.redis.pid(), "SIGSTOP"), () => process.kill(services.redis.pid(), "SIGCONT")],
  ["killed", "redis", () => services.redis.kill(), () => services.redis.start()],
];

describe.each(FAULTS)("a console whose %s %s", (_name, dependency, begin, end) => {
  it("answers 503 at worst, loses nothing acknowledged, opens nothing, and says it until it is over", async () => {
    const name = dependency === "postgres" ? /Postgres/ : /Redis/;
    const from = product.output().length;
    const use = startUsing();
    await until(
      () => use.acknowledged.length,
      (count) => count >= 5,
    );
    await begin();
    await until(readiness, ({ status, degraded }) => status === 200 && name.test(degraded), 40_000);
    await until(
      () => metric(dependency),
      (value) => value === "0",
    );
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await end();
    await until(readiness, ({ status, degraded }) => status === 200 && degraded === "[]", 60_000);
    await until(
      () => metric(dependency),
      (value) => value === "1",
    );
    const now = use.acknowledged.length;
    await until(
      () => use.acknowledged.length,
      (count) => count >= now + 5,
      40_000,
    );
    expect(await use.stop()).toEqual({ wrong: [], opened: [] });
    for (const id of use.acknowledged) expect((await manage("GET", `/applications/${id}`)).status).toBe(200);
    const log = product.output().slice(from);
    expect(log).toMatch(dependency === "postgres" ? /can't read deployments/ : /Redis is unreachable/);
    expect(log).toMatch(dependency === "postgres" ? /deployments can be read again/ : /Redis is reachable again/);
  });
});
