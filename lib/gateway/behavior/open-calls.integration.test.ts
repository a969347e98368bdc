import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { BuiltinServer } from "../ports";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { listenOnFreePort, type TestServer } from "../testing/servers";

const ISSUER = "http://gateway.test/oauth2/default";
let backend: TestServer;
/** How many the backend was sent. */
let uploads = 0;
let introspection: IntrospectionServer;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let server: BuiltinServer;

beforeAll(async () => {
  keys = await generateKeyPair("RS256");
  const http = createServer((incoming, outgoing) => {
    incoming.resume();
    if (incoming.method === "POST") {
      uploads += 1;
      return;
    }
    outgoing.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
  });
  new WebSocketServer({ server: http });
  [backend, introspection] = await Promise.all([listenOnFreePort(http), startIntrospection()]);
  server = {
    id: "default",
    issuer: ISSUER,
    audience: "api://default",
    enabled: true,
    keys: [{ ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "RS256", use: "sig" }],
  };
});
afterAll(() => Promise.all([backend.close(), introspection.close()]));

const tokenOf = (claims: Record<string, unknown> = {}) => {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: ISSUER,
    aud: "api://default",
    sub: "app",
    client_id: "app",
    jti: "t1",
    iat: now - 5,
    exp: now + 300,
    scope: "",
    ...claims,
  })
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "k1" })
    .sign(keys.privateKey);
};

describe.each(ADAPTERS)("a call that takes its time, through %s", (adapter) => {
  let gateway: RunningGateway;

  const deploy = (more: Record<string, unknown> = {}, apiId = "api_1") => {
    const resources = [
      { name: "own", type: "oauth2-builtin", config: { server: "default" } },
      {
        name: "other",
        type: "oauth2-introspection",
        config: { introspectionEndpoint: `${introspection.origin}/introspect`, clientId: "gw", cacheTtlSeconds: 0 },
      },
    ];
    const flows = [
      { match: { path: "/own" }, request: [{ policy: "oauth2", config: { resource: "own" } }] },
      { match: { path: "/other" }, request: [{ policy: "oauth2", config: { resource: "other" } }] },
    ];
    return deployed(
      { endpoints: { production: { url: backend.origin } }, resources, flows, ...more },
      { "resources/other/clientSecret": "s" },
      apiId,
    );
  };

  beforeEach(async () => {
    gateway = await startGateway(adapter);
    gateway.ports.servers.set("default", server);
    await gateway.gateway.replace([deploy()]);
  });
  afterEach(() => gateway.close());

  const open = async (token: string | null, path = "/orders/own/events", method = "GET") => {
    const outgoing = httpRequest({
      host: "127.0.0.1",
      port: gateway.server.port,
      path: gateway.mount + path,
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(method === "POST" ? { "transfer-encoding": "chunked" } : {}),
      },
      agent: false,
    });
    outgoing.on("error", () => undefined);
    if (method === "POST") outgoing.write("begun");
    else outgoing.end();
    return outgoing;
  };
  const stream = async (token: string | null, path?: string) => {
    const outgoing = await open(token, path);
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(incoming.statusCode).toBe(200);
    incoming.on("error", () => undefined).resume();
    const closed = new Promise<boolean>((resolve) => incoming.once("close", () => resolve(incoming.complete)));
    return { closed, isOpen: () => !incoming.closed, end: () => outgoing.destroy() };
  };

  const ways: readonly [string, () => unknown][] = [
    ["is revoked", () => gateway.ports.ended.set("default", { revoked: new Set(["t1"]), clients: new Map() })],
    [
      "is of an application that was deactivated",
      () => gateway.ports.ended.set("default", { revoked: new Set(), clients: new Map([["app", { endedAt: 0, isOff: true }]]) }),
    ],
    ["is of a server that was disabled", () => gateway.ports.servers.set("default", { ...server, enabled: false })],
    ["is of a server that was deleted", () => gateway.ports.servers.delete("default")],
    ["is of a key that was deleted", () => gateway.ports.servers.set("default", { ...server, keys: [] })],
    ["expires", () => gateway.ports.advance(301_000)],
    ["is of an API that is undeployed", () => gateway.gateway.replace([])],
    ["is of an API whose place another takes", () => gateway.gateway.replace([deploy({}, "api_2")])],
  ];

  it.each(ways)("breaks its response off when its token %s", async (_, end) => {
    const events = await stream(await tokenOf());
    await end();
    // It must not look whole.
    expect(await events.closed).toBe(false);
    await expect
      .poll(() => gateway.ports.records.at(-1))
      .toMatchObject({ status: 200, cut: "gateway", reason: expect.stringMatching(/./) });
  });

  it.each(ways)("has its upload answered when its token %s", async (name, end) => {
    const before = uploads;
    const upload = await open(await tokenOf(), "/orders/own/files", "POST");
    const answered = once(upload, "response");
    await expect.poll(() => uploads, { timeout: 10_000 }).toBe(before + 1);
    await end();
    const [incoming] = (await answered) as [IncomingMessage];
    expect(incoming.statusCode).toBe(name.startsWith("is of an API") ? 404 : 401);
    if (incoming.statusCode === 401)
      expect(incoming.headers["www-authenticate"]).toMatch(/^Bearer realm="\/orders", error="invalid_token"/);
    expect(incoming.headers["x-request-id"]).toMatch(/./);
    upload.destroy();
  });

  it("goes on through a redeployment, a rotation and the end of other tokens, and without a token", async () => {
    const events = await stream(await tokenOf());
    const anonymous = await stream(null, "/orders/open");
    await gateway.gateway.replace([deploy({ version: "2" })]);
    gateway.ports.ended.set("default", { revoked: new Set(["t2"]), clients: new Map() });
    gateway.ports.servers.set("default", { ...server, keys: [...server.keys, { ...server.keys[0], kid: "k2" }] });
    const other = await stream(await tokenOf({ jti: "t2" })).catch(() => null);
    expect(other).toBeNull();
    // Several rounds of the watch.
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect([events.isOpen(), anonymous.isOpen()]).toEqual([true, true]);
    events.end();
    anonymous.end();
  });

  it("ends with a token of another server, once that server says so, and not while it cannot be asked", async () => {
    introspection.answers.set("foreign", { active: true, client_id: "c", exp: Math.floor(Date.now() / 1000) + 3600 });
    const events = await stream("foreign", "/orders/other/events");
    introspection.answers.set("foreign", { active: false });
    gateway.ports.advance(31_000);
    expect(await events.closed).toBe(false);
  });

  it("ends with the time of a token of another server, although that cannot be asked any more", async () => {
    introspection.answers.set("timed", { active: true, client_id: "c", exp: Math.floor(Date.now() / 1000) + 3600 });
    const events = await stream("timed", "/orders/other/events");
    introspection.override = { status: 503, body: "" };
    gateway.ports.advance(3_601_000);
    expect(await events.closed).toBe(false);
    introspection.override = null;
  });
});

describe("a WebSocket", () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await startGateway("node-http");
    gateway.ports.servers.set("default", server);
    await gateway.gateway.replace([api()]);
  });
  afterEach(() => gateway.close());
  const api = (version = "1") =>
    deployed({
      version,
      endpoints: { production: { url: backend.origin } },
      resources: [{ name: "own", type: "oauth2-builtin", config: { server: "default" } }],
      flows: [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }],
    });
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.server.port}/orders/live`, {
      headers: { authorization: `Bearer ${await tokenOf()}` },
    });
    socket.on("error", () => undefined);
    await once(socket, "open");
    return socket;
  };

  it.each([
    ["its token is revoked", () => gateway.ports.ended.set("default", { revoked: new Set(["t1"]), clients: new Map() })],
    ["its token expires", () => gateway.ports.advance(301_000)],
    ["its API is undeployed", () => gateway.gateway.replace([])],
  ])("ends when %s, at the backend too", async (_, end) => {
    const socket = await connect();
    const closed = once(socket, "close");
    await end();
    await closed;
    await expect.poll(() => new Promise((resolve) => backend.server.getConnections((__, count) => resolve(count)))).toBe(0);
  });

  it("goes on through a redeployment", async () => {
    const socket = await connect();
    await gateway.gateway.replace([api("2")]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });
});
