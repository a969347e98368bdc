import { readFileSync } from "node:fs";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readExposition } from "@/lib/gateway/testing/exposition";
import { freePort } from "@/lib/testing/free-port";
import { testDatabase } from "@/lib/testing/postgres";
import { startServices, type TestServices } from "@/scripts/lib/services.mjs";
import { type TestDeployments, testDeployments } from "./deployments";
import { type LaunchedGateway, type LaunchOptions, launchGateway, newSecretKey, stopAllGateways, until } from "./launch";
import { startLoadBalancer } from "./load-balancer";
import { type TcpProxy, tcpProxy, through } from "./tcp-proxy";

const METRICS_TOKEN = "fault-suite-metrics-token";
const CALLERS = 8;

/** What came of a load. */
export interface Observed {
  succeeded: number;
  /** Authorized calls that were not answered with 200. */
  failures: string[];
  /** Calls without a token, or with a forged one, that were answered with 200. */
  opened: string[];
  /** Writes that were acknowledged, and that the backend has not seen. */
  lost: string[];
}

/** Two gateways behind the shipped nginx, on a Postgres and a Redis of their own that a test can stop, kill and cut off. */
export interface FaultTopology {
  services: TestServices;
  /** The ways from the gateways to Postgres and Redis. */
  ways: { postgres: TcpProxy; redis: TcpProxy };
  /** Past the ways: what a console writes. */
  console: TestDeployments;
  gateways: [LaunchedGateway, LaunchedGateway];
  url: string;
  backendUrl: string;
  secretKey: string;
  token(claims?: Record<string, unknown>): Promise<string>;
  /** Starts a gateway, the first or the second, with the ports that nginx knows. */
  launch(which: 0 | 1, options?: LaunchOptions): Promise<LaunchedGateway>;
  /** Runs `work` while authorized calls, half of them POST with a body, and unauthorized ones go on. */
  underLoad(work: (progress: (calls: number) => Promise<void>) => Promise<unknown>): Promise<Observed>;
  metric(gateway: LaunchedGateway, name: string, labels?: Record<string, string>): Promise<number | undefined>;
  close(): Promise<void>;
}

interface CallOptions {
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
  agent: Agent;
}

function call(url: string, { body, ...options }: CallOptions): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      incoming.on("error", (error) => resolve({ status: 0, text: error.message }));
    });
    outgoing.on("error", (error) => resolve({ status: 0, text: error.message }));
    outgoing.end(body);
  });
}

/** Everything is well: for the time before a fault and after it. */
export const well = async (gateway: LaunchedGateway) => {
  const isOver = gateway.ended.then((how): never => {
    throw new Error(`The gateway ended with ${how}: ${gateway.output().slice(-2000)}`);
  });
  const isWell = until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length === 0,
    60_000,
  );
  isOver.catch(() => undefined);
  return Promise.race([isWell, isOver]);
};
/** `/readyz` says so, and calls may be sent all the same. */
export const says = (gateway: LaunchedGateway, pattern: RegExp) =>
  until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && pattern.test(degraded.join("\n")),
    60_000,
  );
export const logged = (gateway: LaunchedGateway, pattern: RegExp) => until(gateway.output, (text) => pattern.test(text), 60_000);

/** The processes below this one. */
export function children(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal to a process and all below it. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  process.kill(pid, signal);
  for (const child of children(pid)) signalTree(child, signal);
}

/** Starts it; what else the backend answers is up to `answer`, which returns false for what is not its. */
export async function startFaultTopology(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean = () => false,
): Promise<FaultTopology> {
  const written = new Set<string>();
  const backend = createServer((incoming, outgoing) => {
    if (answer(incoming, outgoing)) return;
    const id = incoming.headers["x-write"];
    let length = 0;
    incoming.on("data", (chunk: Buffer) => {
      length += chunk.length;
    });
    incoming.on("end", () => {
      if (typeof id === "string") written.add(id);
      outgoing.end(`${incoming.method} ${length}`);
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const services = await startServices();
  process.env.TEST_DATABASE_URL = services.env.TEST_DATABASE_URL;
  const database = await testDatabase();
  const ways = { postgres: await tcpProxy(database.url), redis: await tcpProxy(services.redis.url) };
  const secretKey = newSecretKey();
  const console_ = testDeployments(database.url, secretKey);
  const issue = await console_.addServer("shop", "https://console.example/oauth2/shop", "api://shop");
  await console_.deploy("orders", {
    contextPath: "/orders",
    endpoints: { production: { url: backendUrl } },
    resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
    flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }],
  });
  const ports = [await freePort(), await freePort()] as const;
  const balancer = await startLoadBalancer({
    gateways: [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`],
    console: `127.0.0.1:${ports[0]}`,
  });
  const launch = async (which: 0 | 1, options: LaunchOptions = {}) => {
    const gateway = await launchGateway({
      ...options,
      port: ports[which],
      env: {
        DATABASE_URL: through(database.url, ways.postgres),
        REDIS_URL: through(services.redis.url, ways.redis),
        GATEWRIGHT_SECRET_KEY: secretKey,
        GATEWRIGHT_METRICS_TOKEN: METRICS_TOKEN,
        GATEWRIGHT_INSTANCE: `gateway-${which + 1}`,
        GATEWRIGHT_TRUSTED_PROXIES: "127.0.0.1",
        ...options.env,
      },
    });
    topology.gateways[which] = gateway;
    return gateway;
  };
  const token = (claims: Record<string, unknown> = {}) => issue(claims);

  const topology: FaultTopology = {
    services,
    ways,
    console: console_,
    // Replaced below, before anybody sees them.
    gateways: [] as unknown as [LaunchedGateway, LaunchedGateway],
    url: balancer.url,
    backendUrl,
    secretKey,
    token,
    launch,
    async underLoad(work) {
      const agent = new Agent({ keepAlive: true, maxSockets: CALLERS + 2 });
      const observed: Observed = { succeeded: 0, failures: [], opened: [], lost: [] };
      const authorization = `Bearer ${await token()}`;
      const body = JSON.stringify({ text: "x".repeat(2000) });
      let running = true;
      let writes = 0;
      const run = crypto.randomUUID();
      const caller = async (first: number) => {
        for (let turn = first; running; turn++) {
          const isWrite = turn % 2 === 0;
          writes += 1;
          const id = `${run} ${writes}`;
          const headers = { authorization, ...(isWrite ? { "x-write": id, "content-length": String(body.length) } : {}) };
          const method = isWrite ? "POST" : "GET";
          const { status, text } = await call(`${balancer.url}/orders/x`, { method, headers, agent, ...(isWrite ? { body } : {}) });
          if (status !== 200 || text !== `${method} ${isWrite ? body.length : 0}`) observed.failures.push(`${method} ${status} ${text}`);
          else observed.succeeded += 1;
          if (status === 200 && isWrite && !written.has(id)) observed.lost.push(id);
        }
      };
      const stranger = async () => {
        for (let turn = 0; running; turn++) {
          const headers: Record<string, string> = turn % 2 === 0 ? {} : { authorization: `${authorization}x` };
          const { status } = await call(`${balancer.url}/orders/x`, { method: "GET", headers, agent });
          if (status === 200) observed.opened.push(JSON.stringify(headers));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const all = [...Array.from({ length: CALLERS }, (_, index) => caller(index)), stranger()];
      const progress = async (calls: number) => {
        const then = observed.succeeded;
        await until(
          () => observed.succeeded,
          (now) => now >= then + calls,
          60_000,
        );
      };
      try {
        await progress(50);
        await work(progress);
        await progress(50);
      } finally {
        running = false;
        await Promise.all(all);
        agent.destroy();
      }
      // Why nginx gave up, beside what the caller was told.
      if (observed.failures.length > 0) observed.failures.push(balancer.errors());
      return observed;
    },
    async metric(gateway, name, labels = {}) {
      const { text } = await gateway.get("/metrics", { authorization: `Bearer ${METRICS_TOKEN}` });
      const of = Object.entries(labels);
      return readExposition(text).find((sample) => sample.name === name && of.every(([label, value]) => sample.labels[label] === value))
        ?.value;
    },
    async close() {
      await balancer.stop();
      await stopAllGateways();
      await console_.close();
      await ways.postgres.close();
      await ways.redis.close();
      services.stop();
      backend.close();
      backend.closeAllConnections();
    },
  };
  await Promise.all([launch(0), launch(1)]);
  await Promise.all(topology.gateways.map(well));
  return topology;
}
