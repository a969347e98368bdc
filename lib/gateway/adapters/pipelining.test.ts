import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { createGateway } from "../gateway";
import { deployed, testOptions, testPorts } from "../testing/fixtures";
import { startGateway } from "../testing/harness";
import { listenOnFreePort, startBackend } from "../testing/servers";
import { createNodeServer } from "./node-server";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function world(listener: Parameters<typeof startBackend>[0], endpoint: object = {}) {
  const backend = await startBackend(listener);
  closers.push(() => backend.close());
  const ports = testPorts();
  const gateway = createGateway(ports, testOptions);
  const node = createNodeServer(gateway, { log: (record) => ports.records.push(record) });
  const server = await listenOnFreePort(node.server);
  closers.push(() => server.close());
  await gateway.replace([deployed({ contextPath: "/orders", endpoints: { production: { url: backend.origin, ...endpoint } } })]);
  return { backend, ports, gateway, node, server };
}

const get = (path: string, extra = "") => `GET ${path} HTTP/1.1\r\nHost: gateway.test\r\n${extra}\r\n`;

it("ends the backend calls of every request that was pipelined when the caller leaves", async () => {
  let open = 0;
  let asked = 0;
  const { ports, server } = await world((incoming, outgoing) => {
    open += 1;
    asked += 1;
    outgoing.on("close", () => {
      open -= 1;
    });
    if (incoming.url === "/now") outgoing.end("ok");
    // An answer that begins and goes on for ever: no deadline ends it.
    else if (incoming.url !== "/1") outgoing.write("x".repeat(1000));
  });
  const socket = connect(server.port, "127.0.0.1");
  socket.write(get("/orders/1") + get("/orders/2") + get("/orders/3") + get("/orders/4"));
  while (asked < 4) await sleep(5);
  await sleep(50);
  socket.destroy();
  await expect.poll(() => open, { timeout: 2000 }).toBe(0);
  expect(ports.records).toHaveLength(4);
});

it("counts no call of a caller that left behind another one, so that the endpoint is there for the next", async () => {
  let asked = 0;
  const { server } = await world(
    (incoming, outgoing) => {
      asked += 1;
      if (incoming.url === "/now") outgoing.end("ok");
      else if (incoming.url !== "/1") outgoing.write("x".repeat(1000));
    },
    { maxConnections: 4 },
  );
  for (let round = 0; round < 3; round += 1) {
    const before = asked;
    const socket = connect(server.port, "127.0.0.1");
    socket.write(get("/orders/1") + get("/orders/2") + get("/orders/3") + get("/orders/4"));
    await expect.poll(() => asked - before, { timeout: 2000 }).toBe(4);
    socket.destroy();
    await sleep(50);
  }
  const later = connect(server.port, "127.0.0.1");
  later.write(get("/orders/now"));
  const [answer] = await once(later, "data");
  later.destroy();
  expect(String(answer)).toContain("200 OK");
});

it("survives an upgrade that is pipelined behind a call without an answer", async () => {
  const seen: unknown[] = [];
  const original = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => seen.push(error));
  closers.push(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of original) process.on("uncaughtException", listener);
  });
  const { server } = await world(() => undefined);
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(get("/orders/1") + get("/nowhere", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  await sleep(300);
  socket.destroy();
  expect(seen).toEqual([]);
});

it("an upgrade with a body behind an unanswered call does not answer that call", async () => {
  const { server } = await world(() => undefined);
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.write(`${get("/orders/1") + get("/nowhere", "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n")}x`);
  await sleep(200);
  socket.destroy();
  expect(text).toBe("");
});

it("does not answer a call with what is wrong with the bytes behind it", async () => {
  const { server } = await world(() => undefined);
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  let closed = false;
  socket
    .on("error", () => undefined)
    .on("data", (chunk) => {
      text += chunk;
    })
    .on("close", () => {
      closed = true;
    });
  socket.write(`${get("/orders/1")}no request at all\r\n\r\n`);
  await expect.poll(() => closed).toBe(true);
  expect(text).toBe("");
});

it("ends them behind the capture of raw requests too", async () => {
  let open = 0;
  const backend = await startBackend((incoming, outgoing) => {
    open += 1;
    outgoing.on("close", () => {
      open -= 1;
    });
    if (incoming.url !== "/1") outgoing.write("x".repeat(1000));
  });
  closers.push(() => backend.close());
  const running = await startGateway("route-handler");
  closers.push(() => running.close());
  await running.gateway.replace([deployed({ contextPath: "/orders", endpoints: { production: { url: backend.origin } } })]);
  const socket = connect(running.server.port, "127.0.0.1");
  socket.write(get("/gateway/orders/1") + get("/gateway/orders/2") + get("/gateway/orders/3"));
  await expect.poll(() => open).toBe(3);
  socket.destroy();
  await expect.poll(() => open, { timeout: 2000 }).toBe(0);
});

it.each([
  ["CONNECT", "CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n", 405],
  ["an Expect that nobody knows", get("/orders/1", "Expect: nonsense\r\nConnection: close\r\n"), 200],
])("answers %s with a request id and a line in the log", async (_name, text, status) => {
  const { server, ports } = await world((_incoming, outgoing) => outgoing.end("ok"));
  const socket = connect(server.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(text);
  await once(socket, "close");
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain("x-request-id");
  expect(ports.records).toMatchObject([{ status }]);
});
