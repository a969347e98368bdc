import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { freePort } from "@/lib/testing/free-port";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";
import { startServices, type TestServices } from "@/scripts/lib/services.mjs";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { send, startLoad } from "./testing/load";
import { type LoadBalancer, startLoadBalancer } from "./testing/load-balancer";

/** The topology of `compose.yaml` as processes of this machine: the same settings by the same names, and the same nginx.conf. */
const TOKEN = "management-token-of-a-test";
const REDIS_PASSWORD = "a-password-of-a-test";
const backend = createServer();
/** The answers that the backend has begun. */
const begun: ServerResponse[] = [];
let services: TestServices;
let product: RunningGatewright;
let balancer: LoadBalancer;
let gateways: [LaunchedGateway, LaunchedGateway];
let shared: Record<string, string>;
let caller: Record<string, string>;

const backendUrl = () => `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;

async function manage(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${balancer.consoleUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  expect(response.ok, JSON.stringify(answer)).toBe(true);
  return answer;
}

/** Deploys an API that asks for a token everywhere but under `/open`. */
async function deploy(contextPath: string): Promise<void> {
  const { id } = await manage("POST", "/apis", {
    name: contextPath.slice(1),
    version: "1",
    contextPath,
    endpoints: { production: { url: backendUrl() } },
    resources: [{ name: "own", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [{ match: { path: "/guarded" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }],
  });
  await manage("POST", `/apis/${id}/deployments`, { label: "" });
}

async function launch(instance: string, port: number): Promise<LaunchedGateway> {
  const gateway = await launchGateway({
    port,
    env: { ...shared, GATEWRIGHT_INSTANCE: instance, GATEWRIGHT_TRUSTED_PROXIES: "127.0.0.1" },
  });
  await healthy(gateway);
  return gateway;
}

const healthy = (gateway: LaunchedGateway) =>
  until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length === 0,
  );

const serving = (path: string) =>
  Promise.all(
    gateways.map((gateway) =>
      until(
        () => gateway.get(path),
        ({ status }) => status === 200,
      ),
    ),
  );

const callsOf = (gateway: LaunchedGateway) => gateway.output().split(`"msg":"call"`).length - 1;

beforeAll(async () => {
  backend.on("request", (incoming, outgoing) => {
    if (incoming.url?.endsWith("/stream")) {
      outgoing.write("first");
      begun.push(outgoing);
    } else {
      outgoing.end(JSON.stringify(incoming.headers));
    }
  });
  const sockets = new WebSocketServer({ server: backend });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(`echo ${data}`)));
  backend.listen(0, "127.0.0.1");
  services = await startServices({ redisPassword: REDIS_PASSWORD });
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  balancer = await startLoadBalancer({
    gateways: [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`],
    console: `127.0.0.1:${ports[2]}`,
  });
  shared = {
    DATABASE_URL: services.postgres.url,
    REDIS_HOST: "127.0.0.1",
    REDIS_PORT: new URL(services.redis.url).port,
    REDIS_PASSWORD,
    GATEWRIGHT_SECRET_KEY: newSecretKey(),
    GATEWRIGHT_PUBLIC_URL: balancer.consoleUrl,
    GATEWRIGHT_GATEWAY_URL: balancer.url,
  };
  product = await startGatewright({ port: ports[2], env: { ...shared, GATEWRIGHT_ADMIN_TOKEN: TOKEN } });
  gateways = [await launch("gateway-1", ports[0]), await launch("gateway-2", ports[1])];
  const { id } = await manage("POST", "/applications", {
    name: "Caller",
    environment: "production",
    authorizationServer: "default",
    scopes: [],
    grantTypes: ["client_credentials"],
  });
  const { accessToken } = await manage("POST", `/applications/${id}/token`, { scopes: [] });
  caller = { authorization: `Bearer ${accessToken}` };
});
afterAll(async () => {
  await balancer?.stop();
  await stopAllGateways();
  await product?.stop();
  services?.stop();
  backend.close();
  backend.closeAllConnections();
});

describe("a console and two gateways behind nginx, on one Postgres and a Redis with a password", () => {
  it("take a deployment over on both gateways, and the console lists both", async () => {
    await deploy("/orders");
    await serving("/orders/open");
    await until(
      () => manage("GET", "/gateways").then((answer) => JSON.stringify(answer)),
      (listed) => listed.includes("gateway-1") && listed.includes("gateway-2"),
    );
    expect((await send(`${balancer.url}/orders/guarded`)).status).toBe(401);
    expect((await send(`${balancer.url}/orders/guarded`, { headers: caller })).status).toBe(200);
  });

  it("share the calls", async () => {
    const before = gateways.map(callsOf);
    const calls = () => gateways.map((gateway, index) => callsOf(gateway) - (before[index] ?? 0));
    for (let count = 0; count < 40; count++) expect((await send(`${balancer.url}/orders/open`)).status).toBe(200);
    await until(calls, (counts) => counts.every((count) => count >= 10));
  });

  // Other systems have one loopback address only.
  it.runIf(process.platform === "linux")("tell the backend the caller's own address, and nothing that the caller claims", async () => {
    const headers = { "x-forwarded-for": "192.0.2.66", forwarded: "for=192.0.2.66", "x-real-ip": "192.0.2.66" };
    const { body } = await send(`${balancer.url}/orders/open`, { headers, localAddress: "127.0.0.2" });
    expect(JSON.parse(body)).toMatchObject({
      "x-forwarded-for": "127.0.0.2, 127.0.0.1",
      "x-forwarded-host": new URL(balancer.url).host,
      "x-forwarded-proto": "http",
    });
    expect(body).not.toContain("192.0.2.66");
  });

  it("pass an answer on while it is being written", async () => {
    const answer = await fetch(`${balancer.url}/orders/stream`);
    const reader = answer.body?.getReader();
    const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await read()).toBe("first");
    begun.shift()?.end("second");
    expect(await read()).toBe("second");
  });

  it("pass a WebSocket on", async () => {
    const socket = new WebSocket(`${balancer.url.replace("http", "ws")}/orders/socket`);
    await once(socket, "open");
    socket.send("hello");
    const [data] = await once(socket, "message");
    expect(String(data)).toBe("echo hello");
    socket.close();
    await once(socket, "close");
  });

  it("lose no call while one gateway is ended and started again under load", async () => {
    const load = startLoad(`${balancer.url}/orders/guarded`, caller);
    const { port } = gateways[0];
    const more = async (count: number) => {
      const now = load.succeeded();
      await until(load.succeeded, (succeeded) => succeeded >= now + count);
    };
    for (let round = 0; round < 2; round++) {
      await more(200);
      gateways[0].signal("SIGTERM");
      expect(await gateways[0].ended).toBe(0);
      await more(200);
      gateways[0] = await launch("gateway-1", port);
      await until(
        () => callsOf(gateways[0]),
        (calls) => calls > 50,
      );
    }
    expect(await load.stop()).toEqual([]);
  });

  it("fail no call while Redis and Postgres are killed, and recover by themselves", async () => {
    const load = startLoad(`${balancer.url}/orders/guarded`, caller);
    const away = (pattern: RegExp) =>
      Promise.all(
        gateways.map((gateway) =>
          until(
            () => gateway.readiness(),
            ({ status, degraded }) => status === 200 && pattern.test(degraded.join()),
          ),
        ),
      );
    await services.redis.kill();
    await away(/Redis/);
    await services.postgres.kill();
    await away(/Postgres/);
    const then = load.succeeded();
    await until(load.succeeded, (succeeded) => succeeded > then + 200);
    await services.postgres.start();
    await services.redis.start();
    await Promise.all(gateways.map(healthy));
    expect(await load.stop()).toEqual([]);
    await deploy("/afterwards");
    await serving("/afterwards/open");
  });
});

describe("deploy/nginx.conf", () => {
  it("sends a GET again when a gateway breaks the connection off, and never a POST", async () => {
    const seen: string[] = [];
    const breaking = createTcpServer((socket) => {
      socket.on("data", (data) => {
        seen.push(String(data).split(" ", 1)[0] ?? "");
        socket.destroy();
      });
    }).listen(0, "127.0.0.1");
    await once(breaking, "listening");
    const address = `127.0.0.1:${(breaking.address() as AddressInfo).port}`;
    const before = await startLoadBalancer({ gateways: [address, address], console: address });
    expect((await send(`${before.url}/x`)).status).toBe(502);
    expect(seen).toEqual(["GET", "GET"]);
    // A gateway that has failed is not left out.
    expect((await send(`${before.url}/x`, { method: "POST", headers: { "content-length": "4" } })).status).toBe(502);
    expect(seen.filter((method) => method === "POST")).toHaveLength(1);
    await before.stop();
    breaking.close();
  });
});
