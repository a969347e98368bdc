import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { type RunningGateway, startGateway } from "../testing/harness";
import { RawClient, replyHeader } from "./raw-client";
import { flood, type ScriptedBackend, startScripted } from "./scripted-backend";

const TIMEOUT_MS = 300;
let gateway: RunningGateway;
let backend: ScriptedBackend;
let client: RawClient;
const failures: unknown[] = [];
const note = (error: unknown) => failures.push(error);

const good = (socket: Socket, body = "good") => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

beforeAll(async () => {
  process.on("unhandledRejection", note).on("uncaughtException", note);
  gateway = await startGateway("node-http");
});
afterAll(async () => {
  await gateway.close();
  process.off("unhandledRejection", note).off("uncaughtException", note);
});
beforeEach(async () => {
  // Each test has connections of its own, so that what one backend left on a connection is not another's.
  backend = await startScripted();
  client = new RawClient(gateway.server.port);
  const endpoint = { url: backend.origin, timeoutMs: TIMEOUT_MS };
  expect(await gateway.gateway.replace([deployed({ endpoints: { production: endpoint } })])).toEqual([]);
});
afterEach(async () => {
  client.close();
  await backend.close();
  gateway.ports.records.length = 0;
  expect(failures).toEqual([]);
});

/** Whatever a backend did to one call, the next one gets its own answer. */
async function expectNextCallToWork(): Promise<void> {
  backend.onConnection = null;
  backend.script = (socket) => good(socket, "the next answer");
  const reply = await client.get("/orders/next");
  expect([reply.status, reply.body]).toEqual([200, "the next answer"]);
}

const NO_HTTP: readonly [name: string, answer: string][] = [
  ["garbage", "this is not HTTP\r\n\r\n"],
  ["garbage without an end of line", "x"],
  ["a greeting of another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["a TLS alert", "\u0015\u0003\u0001\u0000\u0002\u0002\u0046"],
  ["HTTP/0.9", "<html>hello</html>"],
  ["HTTP/2", "HTTP/2 200 OK\r\n\r\n"],
  ["nothing", ""],
  ["half a head", "HTTP/1.1 200 OK\r\nContent-Len"],
  ["a head without its last line end", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n"],
  ["the status 999", "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"],
  ["the status 600", "HTTP/1.1 600 What\r\nContent-Length: 0\r\n\r\n"],
  ["the status 000", "HTTP/1.1 000 What\r\nContent-Length: 0\r\n\r\n"],
  ["the status 99", "HTTP/1.1 99 What\r\nContent-Length: 0\r\n\r\n"],
  ["the status 2000", "HTTP/1.1 2000 What\r\nContent-Length: 0\r\n\r\n"],
  ["the status -1", "HTTP/1.1 -1 What\r\nContent-Length: 0\r\n\r\n"],
  ["no status", "HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n"],
  [
    "a switch of protocols that nobody asked for",
    "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  ],
  ["a wish for a body that there is not", "HTTP/1.1 100 Continue\r\n\r\n"],
  ["a NUL in a header", "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n"],
  ["a bare CR in a header", "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n"],
  ["a header name with a space", "HTTP/1.1 200 OK\r\nX Y: a\r\nContent-Length: 0\r\n\r\n"],
  ["a control character in a header", "HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\ngoods"],
  ["the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\ngood"],
  ["a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n"],
  ["a coding below the chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n"],
  ["chunks in another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n4\r\ngood\r\n0\r\n\r\n"],
  ["a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: four\r\n\r\ngood"],
  ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\ngood"],
  ["one header of 100 KB", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\nContent-Length: 0\r\n\r\n`],
  ["20,000 headers", `HTTP/1.1 200 OK\r\n${"x-header: y\r\n".repeat(20_000)}Content-Length: 0\r\n\r\n`],
];

describe("a backend that answers what is no answer", () => {
  it.each(NO_HTTP)("with %s and then leaves, is a 502 that names nothing and is explained in the log", async (_name, answer) => {
    backend.script = (socket) => socket.end(answer, "latin1");
    const reply = await client.get("/orders");
    expect(reply.status).toBe(502);
    expect(reply.complete).toBe(true);
    expect(JSON.parse(reply.body).error).toMatch(/^BACKEND_/);
    expect(reply.text).not.toContain("127.0.0.1");
    const [record] = gateway.ports.records;
    expect(record).toMatchObject({ status: 502, requestId: replyHeader(reply, "x-request-id") });
    expect(record?.reason).not.toBe("");
    await expectNextCallToWork();
  });

  it.each(["end", "destroy", "resetAndDestroy"] as const)("but ends the connection at once with %s, is a 502", async (how) => {
    backend.onConnection = (socket) => socket[how]();
    expect((await client.get("/orders")).status).toBe(502);
    await expectNextCallToWork();
    backend.script = (socket) => socket[how]();
    expect((await client.get("/orders")).status).toBe(502);
    await expectNextCallToWork();
  });
});

describe("a backend that answers 205, which has no content (RFC 9110, 15.3.6)", () => {
  it.each([
    ["a length", "Content-Length: 5\r\n\r\nhello"],
    ["a length and nothing else", "Content-Length: 5\r\n\r\n"],
    ["a length of megabytes", `Content-Length: 5000000\r\n\r\n${"x".repeat(200_000)}`],
    ["chunks", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
    ["no length, until it leaves", "Connection: close\r\n\r\nhello"],
    ["nothing", "Content-Length: 0\r\n\r\n"],
  ])("with %s leaves the client's connection in step: the next answer is not taken for its content", async (_name, rest) => {
    backend.script = (socket) => socket.write(`HTTP/1.1 205 Reset Content\r\n${rest}`);
    const reply = await client.get("/orders");
    expect([reply.status, reply.complete, reply.body]).toEqual([205, true, ""]);
    expect(replyHeader(reply, "content-length")).toBe("0");
    expect(replyHeader(reply, "transfer-encoding")).toBeNull();
    await expectNextCallToWork();
    // Nor does what the backend still sends keep its connection.
    await expect.poll(() => backend.open()).toBeLessThanOrEqual(1);
  });
});

describe("a backend that does not come to an end", () => {
  it.each([
    ["says nothing", () => undefined],
    ["begins a head and stops", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nX: ")],
    ["gives interim answers for ever", (socket: Socket) => flood(socket, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")],
  ])("and %s, is a 504 and its connection ends", async (_name, script) => {
    backend.script = script;
    const reply = await client.get("/orders");
    expect(reply.status).toBe(504);
    expect(gateway.ports.records[0]).toMatchObject({ status: 504, code: "BACKEND_TIMEOUT" });
    await backend.idle();
    await expectNextCallToWork();
  });

  it("and whose head never ends, is a 502 that does not wait for the time to be over", async () => {
    backend.script = (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      flood(socket, "x-header: y\r\n");
    };
    expect((await client.get("/orders")).status).toBe(502);
    await backend.idle();
  });
});

describe("an answer that is cut short", () => {
  it.each([
    ["of a length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes."],
    ["in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nten bytes."],
    [
      "in chunks on a connection for one answer",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n100\r\nten bytes.",
    ],
    ["of a length on a connection for one answer", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nten bytes."],
    ["between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nten bytes.\r\n"],
    ["before its last line", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nten bytes.\r\n0\r\n"],
    ["by a chunk size that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nten bytes.\r\nxyz\r\n\r\n"],
    ["by a chunk that is longer than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nten bytes.\r\n0\r\n\r\n"],
  ])("%s never looks whole to the caller", async (_name, answer) => {
    for (const how of ["end", "reset"] as const) {
      backend.script = (socket) => socket.write(answer, "latin1", () => (how === "end" ? socket.end() : socket.resetAndDestroy()));
      const reply = await client.get("/orders");
      if (reply.status === 502) expect(JSON.parse(reply.body).error).toMatch(/^BACKEND_/);
      else expect([reply.status, reply.complete]).toEqual([reply.status, false]);
    }
    await expectNextCallToWork();
  });

  it("by a connection that breaks, where its end was the end of the connection, does not look whole either", async () => {
    backend.script = (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nten bytes.");
      // The answer has begun for the caller before the connection breaks.
      setTimeout(() => socket.resetAndDestroy(), 50);
    };
    const reply = await client.get("/orders");
    expect([200, 502]).toContain(reply.status);
    if (reply.status === 200) expect(reply.complete).toBe(false);
  });

  it("is whole where the end of the connection is the end of the answer", async () => {
    backend.script = (socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nten bytes.");
    expect(await client.get("/orders")).toMatchObject({ status: 200, complete: true, body: expect.stringContaining("ten bytes.") });
  });
});

describe("bytes that nobody asked for", () => {
  const poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
  it.each([
    ["after an answer", `HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood${poison}`],
    ["after an answer in chunks", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n${poison}`],
    ["after a 204", `HTTP/1.1 204 No Content\r\n\r\n${poison}`],
    ["after a 204 with a length", `HTTP/1.1 204 No Content\r\nContent-Length: ${poison.length}\r\n\r\n${poison}`],
    ["after a 304", `HTTP/1.1 304 Not Modified\r\nContent-Length: ${poison.length}\r\n\r\n${poison}`],
    ["as a body that is longer than its length", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoodpoison"],
  ])("%s are never the next caller's answer", async (_name, answer) => {
    let asked = 0;
    backend.script = (socket) => {
      asked += 1;
      if (asked === 1) socket.write(answer);
      else good(socket, "the next answer");
    };
    await client.get("/orders");
    for (let round = 0; round < 3; round += 1) {
      const reply = await client.get("/orders/next");
      expect(reply.text).not.toContain("poison");
      expect([reply.status, reply.body]).toEqual([200, "the next answer"]);
    }
  });

  it("in answer to HEAD are never the next caller's answer", async () => {
    backend.script = (socket, request) => {
      if (request.startsWith("HEAD")) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${poison.length}\r\n\r\n${poison}`);
      else good(socket, "the next answer");
    };
    await client.get("/orders", [], "HEAD");
    expect((await client.get("/orders/next")).text).not.toContain("poison");
  });

  it("of 1,000 interim answers are not passed on, and the answer is", async () => {
    backend.script = (socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(1000));
      good(socket);
    };
    expect(await client.get("/orders")).toMatchObject({ status: 200, body: "good" });
  });
});
