import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { type RunningGateway, startGateway } from "../testing/harness";
import { RawClient } from "./raw-client";
import { flood, type ScriptedBackend, startScripted } from "./scripted-backend";

let gateway: RunningGateway;
let backend: ScriptedBackend;

beforeAll(async () => {
  [gateway, backend] = await Promise.all([startGateway("node-http"), startScripted()]);
});
afterAll(async () => {
  await Promise.all([gateway.close(), backend.close()]);
});
beforeEach(async () => {
  expect(await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })])).toEqual([]);
});

async function expectNextCallToWork(): Promise<void> {
  backend.script = (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
  const client = new RawClient(gateway.server.port);
  expect(await client.get("/orders/next")).toMatchObject({ status: 200, body: "good" });
  client.close();
}

describe("an answer of 1 GB", () => {
  const GIGABYTE = 1_000_000_000;

  it("is not read faster than the caller reads it, and ends at the backend when the caller leaves", async () => {
    let written = { bytes: 0 };
    backend.script = (socket) => {
      socket.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n".replace("Transfer-Encoding: identity\r\n", ""),
      );
      written = flood(socket, "x", GIGABYTE);
    };
    const socket = connect(gateway.server.port, "127.0.0.1", () => socket.write("GET /orders HTTP/1.1\r\nHost: a\r\n\r\n"));
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    // Until the backend's writes stop, which they do when nobody reads.
    for (let last = -1; written.bytes !== last; ) {
      last = written.bytes;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written.bytes).toBeLessThan(100_000_000);
    expect(backend.open()).toBe(1);
    socket.destroy();
    await backend.idle();
    await expectNextCallToWork();
  });

  it("passes whole, in memory that does not grow with it", async () => {
    backend.script = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${GIGABYTE}\r\nConnection: close\r\n\r\n`);
      flood(socket, "x", GIGABYTE);
    };
    const before = process.memoryUsage().rss;
    let highest = before;
    let received = 0;
    await new Promise<void>((resolve) => {
      const socket = connect(gateway.server.port, "127.0.0.1", () =>
        socket.write("GET /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
      );
      socket.on("data", (chunk) => {
        received += chunk.length;
        if (received % 64 === 0) highest = Math.max(highest, process.memoryUsage().rss);
      });
      socket.on("close", () => resolve());
    });
    expect(received).toBeGreaterThan(GIGABYTE);
    expect(highest - before).toBeLessThan(300_000_000);
  });
});
