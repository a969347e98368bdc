import { createServer, request as httpRequest, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { listenOnFreePort, type TestServer } from "../testing/servers";

const LARGE = 20_000_000;
const CONNECTIONS = 4;
const PLACES = CONNECTIONS * 2;

describe.each(ADAPTERS)("the places of an endpoint behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: TestServer;
  /** Requests that the backend got. */
  let begun: string[] = [];
  /** What the backend has not answered yet. */
  const held: ServerResponse[] = [];
  const sockets: Socket[] = [];
  const webSockets = new WebSocketServer({ noServer: true });
  const opened: WebSocket[] = [];

  /** Each test has its own: requests to that of another could still be on their way. */
  const startBackend = async () => {
    begun = [];
    const begunHere = begun;
    const server = createServer((incoming, outgoing) => {
      begunHere.push(incoming.url ?? "");
      outgoing.on("error", () => undefined);
      if (incoming.url === "/large") outgoing.writeHead(200, { "content-length": LARGE }).end(Buffer.alloc(LARGE));
      else if (incoming.url === "/events") outgoing.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      else if (incoming.url === "/held") held.push(outgoing);
      else outgoing.end("ok");
    });
    server.on("upgrade", (incoming, socket, head) => webSockets.handleUpgrade(incoming, socket, head, (one) => opened.push(one)));
    backend = await listenOnFreePort(server);
  };

  const start = async (options: Parameters<typeof startGateway>[1] = {}) => {
    gateway = await startGateway(adapter, { displaceAfterMs: 300, ...options });
    await startBackend();
    const endpoint = { url: backend.origin, maxConnections: CONNECTIONS, timeoutMs: 20_000 };
    // Two APIs share the connections of one backend.
    await gateway.gateway.replace([
      deployed({ endpoints: { production: endpoint } }),
      deployed({ contextPath: "/other", endpoints: { production: endpoint } }, {}, "api_2"),
    ]);
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const outgoing of held.splice(0)) outgoing.end();
    for (const one of opened.splice(0)) one.terminate();
    await gateway.close();
    await backend.close();
  });

  /** Sends a request and reads `bytes` of what comes back; then nothing more. */
  const openSocket = (path: string, headers = "", from = "127.0.0.1", method = "GET") => {
    const socket = connect({ port: gateway.server.port, host: "127.0.0.1", localAddress: from });
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.write(`${method} ${gateway.mount}${path} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`);
    return socket;
  };
  const get = (path: string, from: string, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const options = {
        port: gateway.server.port,
        host: "127.0.0.1",
        localAddress: from,
        path: gateway.mount + path,
        headers,
        agent: false,
      };
      httpRequest(options, (incoming) => {
        incoming.resume().on("end", () => resolve(incoming.statusCode ?? 0));
        incoming.on("error", reject);
      })
        .on("error", reject)
        .end();
    });
  const backendHas = (count: number) => expect.poll(() => begun.length, { timeout: 10_000 }).toBe(count);

  it("are for other clients, too, when one reads slowly on all of them", async () => {
    await start();
    for (let count = 0; count < PLACES * 3; count += 1) openSocket("/orders/large").pause();
    await backendHas(CONNECTIONS);
    expect(await get("/orders/x", "127.0.0.2")).toBe(200);
    expect(await Promise.all(["127.0.0.2", "127.0.0.3", "127.0.0.4"].map((from) => get("/orders/x", from)))).toEqual([200, 200, 200]);
    // Half of the connections are still those of the first, at least.
    expect(begun.filter((url) => url === "/large").length).toBeGreaterThanOrEqual(CONNECTIONS);
  });

  it("are for other clients of another API with the same backend", async () => {
    await start();
    for (let count = 0; count < PLACES; count += 1) openSocket("/orders/large").pause();
    await backendHas(CONNECTIONS);
    expect(await get("/other/x", "127.0.0.2")).toBe(200);
  });

  it("are for others when one client has a stream on each", async () => {
    await start();
    for (let count = 0; count < PLACES; count += 1) openSocket("/orders/events").resume();
    await backendHas(CONNECTIONS);
    expect(await get("/orders/x", "127.0.0.2")).toBe(200);
  });

  it("are for others when the backend doesn't answer a client's safe requests, but not for those that may change something", async () => {
    await start();
    for (let count = 0; count < CONNECTIONS; count += 1) openSocket("/orders/held", "Content-Length: 0\r\n", "127.0.0.1", "POST").resume();
    await backendHas(CONNECTIONS);
    const waiting = get("/orders/x", "127.0.0.2");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(begun).toEqual(Array(CONNECTIONS).fill("/held"));
    held.splice(0, 1)[0]?.end();
    expect(await waiting).toBe(200);
    for (const outgoing of held.splice(0)) outgoing.end();
    await expect.poll(() => get("/orders/x", "127.0.0.2")).toBe(200);
    begun.length = 0;
    for (let count = 0; count < CONNECTIONS; count += 1) openSocket("/orders/held").resume();
    await backendHas(CONNECTIONS);
    expect(await get("/orders/x", "127.0.0.2")).toBe(200);
  });

  it("are all for one client while no other waits, and then come in turn by client", async () => {
    await start();
    const first = Array.from({ length: PLACES }, () => get("/orders/held", "127.0.0.1"));
    await backendHas(CONNECTIONS);
    expect(await get("/orders/x", "127.0.0.1")).toBe(503);
    // A place in the queue is made for another client, whose turn comes before that of the first client's waiting requests.
    const other = get("/orders/x", "127.0.0.2");
    const refused = await Promise.race(first);
    expect(refused).toBe(503);
    held.shift()?.end();
    expect(await other).toBe(200);
    const answering = setInterval(() => held.shift()?.end(), 5);
    const statuses = await Promise.all(first);
    clearInterval(answering);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(PLACES - 2);
  });

  it("are counted by the client behind a trusted proxy, and by the network of an IPv6 address", async () => {
    await start({ trustsProxy: (address) => address === "127.0.0.1" });
    for (let count = 0; count < PLACES; count += 1) {
      openSocket("/orders/large", `X-Forwarded-For: 2001:db8:1:2::${count + 1}\r\n`).pause();
    }
    await backendHas(CONNECTIONS);
    expect(await get("/orders/x", "127.0.0.1", { "x-forwarded-for": "2001:db8:1:2:ffff::9" })).toBe(503);
    expect(await get("/orders/x", "127.0.0.1", { "x-forwarded-for": "2001:db8:1:3::1" })).toBe(200);
  });

  it.runIf(adapter === "node-http")("are for others when one client has a WebSocket on each", async () => {
    await start();
    const upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    for (let count = 0; count < PLACES; count += 1) openSocket("/orders/live", upgrade).resume();
    await expect.poll(() => opened.length, { timeout: 10_000 }).toBe(PLACES);
    expect(await get("/orders/x", "127.0.0.1")).toBe(503);
    expect(await get("/orders/x", "127.0.0.2")).toBe(200);
  });
});
