import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { listenOnFreePort, type TestServer } from "../testing/servers";

let backend: TestServer;
let uploads = 0;
let as: IntrospectionServer;
let other: IntrospectionServer;

beforeAll(async () => {
  const http = createServer((incoming, outgoing) => {
    incoming.resume();
    if (incoming.method === "POST") uploads += 1;
    else outgoing.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
  });
  http.on("upgrade", (_, socket: Duplex) => {
    socket.on("error", () => undefined).on("end", () => socket.end());
    socket.resume().write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  });
  [backend, as, other] = await Promise.all([listenOnFreePort(http), startIntrospection(), startIntrospection()]);
});
afterAll(() => Promise.all([backend.close(), as.close(), other.close()]));

describe.each(ADAPTERS)("a call that is open while its API is deployed again, through %s", (adapter) => {
  let gateway: RunningGateway;

  const api = (resource: Record<string, unknown> | null) =>
    deployed(
      {
        endpoints: { production: { url: backend.origin } },
        resources:
          resource === null
            ? []
            : [
                {
                  name: "as",
                  type: "oauth2-introspection",
                  config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw", cacheTtlSeconds: 5, ...resource },
                },
              ],
        flows: resource === null ? [] : [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
      },
      resource === null ? {} : { "resources/as/clientSecret": "s" },
    );
  const changes: readonly [string, () => Record<string, unknown> | null][] = [
    ["with another timeout", () => ({ timeoutMs: 4000 })],
    ["with another authorization server", () => ({ introspectionEndpoint: `${other.origin}/introspect` })],
    ["without its authorization server", () => null],
  ];

  beforeEach(async () => {
    gateway = await startGateway(adapter);
    for (const server of [as, other]) {
      server.override = null;
      server.answers.set("token", { active: true, client_id: "c" });
      server.questions.length = 0;
    }
    expect(await gateway.gateway.replace([api({})])).toEqual([]);
  });
  afterEach(() => gateway.close());

  const send = (method: string, more: Record<string, string> = {}) => {
    const outgoing = httpRequest({
      host: "127.0.0.1",
      port: gateway.server.port,
      path: `${gateway.mount}/orders/x`,
      method,
      headers: { authorization: "Bearer token", ...more },
      agent: false,
    });
    outgoing.on("error", () => undefined);
    return outgoing;
  };
  const stream = async () => {
    const outgoing = send("GET");
    outgoing.end();
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(incoming.statusCode).toBe(200);
    incoming.on("error", () => undefined).resume();
    const closed = new Promise<boolean>((resolve) => incoming.once("close", () => resolve(incoming.complete)));
    return { closed, isOpen: () => !incoming.closed, end: () => outgoing.destroy() };
  };
  const upload = async () => {
    const before = uploads;
    const outgoing = send("POST", { "transfer-encoding": "chunked" });
    outgoing.write("begun");
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    await expect.poll(() => uploads, { timeout: 10_000 }).toBe(before + 1);
    return { outgoing, answered };
  };

  it.each(changes)("%s goes on, is asked about where it was let in, and ends with its token", async (_, change) => {
    const events = await stream();
    const file = await upload();
    expect(await gateway.gateway.replace([api(change())])).toEqual([]);
    const asked = as.questions.length;
    gateway.ports.advance(31_000);
    await expect.poll(() => as.questions.length, { timeout: 10_000 }).toBe(asked + 1);
    expect(events.isOpen()).toBe(true);
    as.answers.delete("token");
    gateway.ports.advance(31_000);
    expect(await events.closed).toBe(false);
    const [answer] = await file.answered;
    expect(answer.statusCode).toBe(401);
    file.outgoing.destroy();
  });

  it("ends when its authorization server can't be asked for five minutes, and not before", async () => {
    const events = await stream();
    const file = await upload();
    as.override = { status: 503, body: "" };
    let asked = as.questions.length;
    const askAgain = async (milliseconds: number) => {
      gateway.ports.advance(milliseconds);
      await expect.poll(() => as.questions.length, { timeout: 10_000 }).toBeGreaterThan(asked);
      // Of both calls, however they share the question.
      await new Promise((resolve) => setTimeout(resolve, 400));
      asked = as.questions.length;
    };
    await askAgain(31_000);
    await askAgain(200_000);
    as.override = null;
    await askAgain(31_000);
    as.override = { status: 503, body: "" };
    await askAgain(31_000);
    await askAgain(200_000);
    expect(events.isOpen()).toBe(true);
    gateway.ports.advance(120_000);
    expect(await events.closed).toBe(false);
    const [answer] = await file.answered;
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "1"]);
    file.outgoing.destroy();
    await expect.poll(() => gateway.ports.records.filter(({ reason }) => reason?.includes("5 minutes"))).toHaveLength(2);
  });

  it("gives its connections back when it ends, so that a server that is left is left", async () => {
    const connections = () => new Promise<number>((resolve) => as.server.getConnections((_, count) => resolve(count)));
    const events = await stream();
    expect(await gateway.gateway.replace([api({ introspectionEndpoint: `${other.origin}/introspect` })])).toEqual([]);
    gateway.ports.advance(31_000);
    await expect.poll(() => as.questions.length, { timeout: 10_000 }).toBe(2);
    events.end();
    await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  });
});

describe("a WebSocket", () => {
  it("ends with its token although its authorization server was changed by a deployment", async () => {
    const gateway = await startGateway("node-http");
    as.answers.set("token", { active: true, client_id: "c" });
    const api = (timeoutMs: number) =>
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [
            {
              name: "as",
              type: "oauth2-introspection",
              config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw", cacheTtlSeconds: 5, timeoutMs },
            },
          ],
          flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
        },
        { "resources/as/clientSecret": "s" },
      );
    await gateway.gateway.replace([api(5000)]);
    const outgoing = httpRequest({
      host: "127.0.0.1",
      port: gateway.server.port,
      path: "/orders/live",
      headers: {
        authorization: "Bearer token",
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    outgoing.end();
    const [, socket] = (await once(outgoing, "upgrade")) as [IncomingMessage, Duplex];
    const closed = once(socket, "close");
    socket.on("error", () => undefined).resume();
    await gateway.gateway.replace([api(4000)]);
    as.answers.delete("token");
    gateway.ports.advance(31_000);
    await closed;
    await gateway.close();
  });
});
