import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { createGateway } from "../gateway";
import { deployed, testOptions, testPorts } from "../testing/fixtures";
import { startGateway } from "../testing/harness";
import { listenOnFreePort, readAll, startBackend } from "../testing/servers";
import { createNodeServer } from "./node-server";
import { PIPELINED_MAX } from "./pipelined";

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

it("serves so many requests of one connection at the same time, each of the others in its turn", async () => {
  const held: ServerResponse[] = [];
  const asked: string[] = [];
  const { server } = await world((incoming, outgoing) => {
    asked.push(incoming.url ?? "");
    held.push(outgoing);
  });
  const total = 200;
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.write(Array.from({ length: total }, (_, index) => get(`/orders/${index}`)).join(""));
  await expect.poll(() => asked.length).toBe(PIPELINED_MAX);
  // What would be served at once is served by now.
  expect((await fetch(`http://127.0.0.1:${server.port}/nowhere`)).status).toBe(404);
  expect(asked).toHaveLength(PIPELINED_MAX);
  held.shift()?.end("0");
  await expect.poll(() => asked.length).toBe(PIPELINED_MAX + 1);
  const answering = setInterval(() => {
    for (const outgoing of held.splice(0)) outgoing.end(outgoing.req.url);
  }, 5);
  await expect.poll(() => text.split("HTTP/1.1 200 OK").length - 1, { timeout: 5000 }).toBe(total);
  clearInterval(answering);
  socket.destroy();
  expect(asked).toEqual(Array.from({ length: total }, (_, index) => `/${index}`));
});

it("reads on after a pause, with bodies among what is pipelined", async () => {
  const { server } = await world(async (incoming, outgoing) => outgoing.end(await readAll(incoming)));
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    text += chunk;
  });
  const total = 400;
  const post = (body: string) => `POST /orders/x HTTP/1.1\r\nHost: gateway.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const body = "b".repeat(300);
  for (let index = 0; index < total; index += 100) socket.write(Array.from({ length: 100 }, () => post(body)).join(""));
  await expect.poll(() => text.split(body).length - 1, { timeout: 15_000 }).toBe(total);
  socket.destroy();
}, 20_000);

it("closes a connection that sends thousands of requests in one piece while none is answered", async () => {
  const { server } = await world(() => undefined);
  const socket = connect(server.port, "127.0.0.1");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined).resume();
  socket.write("GET /orders/1 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20_000));
  await closed;
});

it("stops reading where a framework serves", async () => {
  let asked = 0;
  const held: ServerResponse[] = [];
  const backend = await startBackend((_, outgoing) => {
    asked += 1;
    held.push(outgoing);
  });
  closers.push(() => backend.close());
  const running = await startGateway("route-handler");
  closers.push(() => running.close());
  await running.gateway.replace([deployed({ contextPath: "/orders", endpoints: { production: { url: backend.origin } } })]);
  const socket = connect(running.server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  const total = 400;
  // Each is larger than what one piece of a connection holds by the dozen.
  const padding = `X-Padding: ${"p".repeat(4000)}\r\n`;
  for (let index = 0; index < total; index += 1) socket.write(get("/gateway/orders/1", padding));
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThanOrEqual(PIPELINED_MAX);
  expect((await running.call("/nowhere")).status).toBe(404);
  // One more piece of 64 KB may have been read before it stopped.
  expect(asked).toBeLessThan(PIPELINED_MAX + 32);
  const answering = setInterval(() => {
    for (const outgoing of held.splice(0)) outgoing.end("ok");
  }, 5);
  await expect.poll(() => text.split("HTTP/1.1 200 OK").length - 1, { timeout: 30_000 }).toBe(total);
  clearInterval(answering);
  socket.destroy();
}, 45_000);
