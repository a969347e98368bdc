import { once } from "node:events";
import { createServer as createTls } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { createNodeServer } from "../adapters/node-server";
import { startScripted } from "../bypass-tests/scripted-backend";
import { createGateway } from "../gateway";
import { testAuthority } from "../resources/testing/certificates";
import { deployed, testOptions, testPorts } from "../testing/fixtures";
import { listenOnFreePort } from "../testing/servers";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function world(url: string, endpoint: object = {}) {
  const ports = testPorts();
  const gateway = createGateway(ports, testOptions);
  const node = createNodeServer(gateway, { log: (record) => ports.records.push(record) });
  const server = await listenOnFreePort(node.server);
  closers.push(() => server.close());
  await gateway.replace([deployed({ contextPath: "/orders", endpoints: { production: { url, ...endpoint } } })]);
  return { ports, gateway, node, server };
}

const UPGRADE = `GET /orders/ws HTTP/1.1\r\nHost: gateway.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;

it("gives up a refused WebSocket's answer that pauses for longer than the endpoint allows", async () => {
  const backend = await startScripted();
  closers.push(() => backend.close());
  backend.script = (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
  const { server, ports } = await world(backend.origin, { idleTimeoutMs: 100, timeoutMs: 20_000 });
  const socket = connect(server.port, "127.0.0.1");
  let closed = false;
  socket
    .on("data", () => undefined)
    .on("close", () => {
      closed = true;
    });
  socket.write(UPGRADE);
  await expect.poll(() => closed).toBe(true);
  expect(ports.records.at(-1)?.cut).toBe("backend");
});

it("leaves time to a client that reads a refused WebSocket's answer slowly", async () => {
  const backend = await startScripted();
  closers.push(() => backend.close());
  // More than the system holds between the two.
  const bytes = 32 * 1024 * 1024;
  backend.script = (socket) => {
    socket.write(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${bytes}\r\n\r\n`);
    socket.write(Buffer.alloc(bytes));
  };
  const { server, ports } = await world(backend.origin, { idleTimeoutMs: 1000 });
  const socket = connect(server.port, "127.0.0.1");
  socket.write(UPGRADE);
  await once(socket, "readable");
  await delay(1500);
  let received = 0;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  await once(socket, "close");
  expect(received).toBeGreaterThan(bytes);
  expect(ports.records.at(-1)).toMatchObject({ status: 403 });
  expect(ports.records.at(-1)?.cut).toBeUndefined();
});

it.each([
  ["to HTTP/2, which would carry requests that no step has seen", "Upgrade: h2c\r\nConnection: Upgrade\r\n"],
  ["to several protocols", "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n"],
  ["to nothing that it names", ""],
  ["without Connection", "Upgrade: websocket\r\n"],
])("answers 502 to a backend that switches %s, and lets nothing through", async (_name, lines) => {
  const backend = await startScripted();
  closers.push(() => backend.close());
  const seen: string[] = [];
  backend.script = (socket, request) => {
    seen.push(request);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\nunseen`);
  };
  const { server, ports } = await world(backend.origin);
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket
    .on("error", () => undefined)
    .on("data", (chunk) => {
      text += chunk;
    });
  socket.write(UPGRADE);
  await expect.poll(() => text, { timeout: 2000 }).toContain("\r\n\r\n");
  socket.write("GET /orders/secret HTTP/1.1\r\nHost: gateway.test\r\n\r\n");
  socket.end();
  await backend.idle();
  expect(text).toMatch(/^HTTP\/1\.1 502 /);
  expect(text).not.toContain("unseen");
  expect(seen).toHaveLength(1);
  expect(ports.records[0]).toMatchObject({ status: 502, code: "BACKEND_INVALID_RESPONSE" });
});

it("says in the log that the caller left a refused WebSocket's answer", async () => {
  const backend = await startScripted();
  closers.push(() => backend.close());
  backend.script = (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
  const { server, ports } = await world(backend.origin);
  const socket = connect(server.port, "127.0.0.1");
  socket.write(UPGRADE);
  await once(socket, "data");
  socket.destroy();
  await expect.poll(() => ports.records.map(({ cut }) => cut), { timeout: 2000 }).toEqual(["caller"]);
});

it("ends when its time to drain is over, also while a backend has not answered an upgrade", async () => {
  const backend = await startScripted();
  closers.push(() => backend.close());
  backend.script = () => undefined;
  const { server, node } = await world(backend.origin);
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  closers.push(() => socket.destroy());
  socket.write(UPGRADE);
  await expect.poll(() => backend.open(), { timeout: 2000 }).toBe(1);
  let drained = false;
  void node.drain(100).then(() => {
    drained = true;
  });
  await expect.poll(() => drained).toBe(true);
});

it("verifies a backend's certificate for WebSocket too, whatever the environment says", async () => {
  const { cert, key } = testAuthority("Nobody").issue(["127.0.0.1"]);
  let reached = 0;
  const tls = createTls({ cert, key });
  tls.on("upgrade", (_incoming, socket) => {
    reached += 1;
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  tls.listen(0, "127.0.0.1");
  await once(tls, "listening");
  closers.push(() => tls.close());
  const { port } = tls.address() as AddressInfo;
  const { server } = await world(`https://127.0.0.1:${port}`);
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  closers.push(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  const socket = connect(server.port, "127.0.0.1");
  socket.write(UPGRADE);
  const [answer] = await once(socket, "data");
  socket.destroy();
  expect(reached).toBe(0);
  expect(String(answer)).toContain("502");
});
