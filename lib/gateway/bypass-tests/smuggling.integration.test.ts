import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen, MARKER, type RealBackend, startExpress } from "./backends";
import { ambiguousMessages } from "./framings";
import { GUARDS, type Guard, type GuardedGateway, startGuarded } from "./guarded";
import { startNginx } from "./nginx";
import { sendAndEnd } from "./raw-client";
import { type RecordingBackend, startRecording } from "./recording-backend";

let recording: RecordingBackend;
let others: RealBackend[];
let endless: RealBackend;
let guarded: GuardedGateway;
const [GUARD] = GUARDS as [Guard];

beforeAll(async () => {
  [recording, ...others] = await Promise.all([startRecording(), startNginx(process.env.NGINX_PATH), startExpress()]);
  endless = await listen("endless", (_incoming, outgoing) => {
    outgoing.write("the beginning");
  });
  guarded = await startGuarded([recording, endless, ...others], [GUARD]);
});
afterAll(async () => {
  await Promise.all([guarded?.close(), ...[recording, endless, ...others].map((backend) => backend.close())]);
});
beforeEach(() => {
  recording.requests.length = 0;
  recording.malformed.length = 0;
});

const contextPath = (backend: RealBackend = recording) => guarded.contextPath(backend, GUARD);
const smuggled = (backend: RealBackend = recording) => `GET ${contextPath(backend)}/private/smuggled HTTP/1.1\r\nHost: a\r\n\r\n`;
const send = (text: string) => sendAndEnd(guarded.running.server.port, text);
const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

let probes = 0;
/** Whoever calls next gets the answer to what was asked, and not what an earlier message left on a connection. */
async function expectUntouchedConnections(): Promise<void> {
  probes += 1;
  const target = `/probe/${probes}`;
  const before = recording.requests.length;
  const answer = await send(`GET ${contextPath()}${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  expect(answer).toContain(`X-Target: ${target}\r\n`);
  // A request whose caller went on to send nonsense may arrive this late, for it was one: its answer went nowhere.
  const arrived = recording.requests.splice(before).map((request) => request.target);
  expect(arrived.filter((other) => !other.startsWith("/x"))).toEqual([target]);
}

const post = (headers: readonly string[], body: string, version = "1.1") =>
  `POST ${contextPath()}/x HTTP/${version}\r\nHost: a\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n${body}`;

/** Each with what comes after the head. `{second}` stands for a request that asks for what is protected. */
const REFUSED: readonly [name: string, headers: readonly string[], body: string][] = [
  ["Content-Length before Transfer-Encoding", ["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n{second}"],
  ["Transfer-Encoding before Content-Length", ["Transfer-Encoding: chunked", "Content-Length: 5"], "0\r\n\r\n{second}"],
  ["two codings of which one is unknown", ["Transfer-Encoding: chunked", "Transfer-Encoding: cow"], "0\r\n\r\n{second}"],
  ["the same in the other order", ["Transfer-Encoding: cow", "Transfer-Encoding: chunked"], "0\r\n\r\n{second}"],
  ["an unknown coding", ["Transfer-Encoding: xchunked"], "0\r\n\r\n{second}"],
  ["a coding before chunked", ["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n{second}"],
  ["a coding after chunked", ["Transfer-Encoding: chunked, identity"], "0\r\n\r\n{second}"],
  ["chunked twice", ["Transfer-Encoding: chunked, chunked"], "0\r\n\r\n{second}"],
  [
    "a coding before chunked that Connection names",
    ["Transfer-Encoding: gzip, chunked", "Connection: transfer-encoding"],
    "0\r\n\r\n{second}",
  ],
  ["a length that no number holds", ["Content-Length: 9007199254740993"], "hello{second}"],
  ["identity", ["Transfer-Encoding: identity"], "{second}"],
  ["a space before the colon", ["Transfer-Encoding : chunked"], "0\r\n\r\n{second}"],
  ["a folded coding", ["Transfer-Encoding:\r\n chunked"], "0\r\n\r\n{second}"],
  ["a folded header", ["X: y\r\n z"], "{second}"],
  ["a vertical tab in the coding", ["Transfer-Encoding: \u000bchunked"], "0\r\n\r\n{second}"],
  ["a bare LF between headers", ["X: y\nTransfer-Encoding: chunked"], "0\r\n\r\n{second}"],
  ["a bare CR between headers", ["X: y\rTransfer-Encoding: chunked"], "0\r\n\r\n{second}"],
  ["a NUL in a value", ["X: a\u0000b"], "{second}"],
  ["a NUL in a name", ["X\u0000: b"], "{second}"],
  ["a name that is empty", [": b"], "{second}"],
  ["two different lengths", ["Content-Length: 5", "Content-Length: 6"], "hello{second}"],
  ["the same length twice", ["Content-Length: 5", "Content-Length: 5"], "hello{second}"],
  ["a list of lengths", ["Content-Length: 5, 5"], "hello{second}"],
  ["a length with a plus", ["Content-Length: +5"], "hello{second}"],
  ["a negative length", ["Content-Length: -5"], "hello{second}"],
  ["a hexadecimal length", ["Content-Length: 0x5"], "hello{second}"],
  ["an empty length", ["Content-Length:"], "{second}"],
  ["a length beyond 64 bits", ["Content-Length: 18446744073709551621"], "hello{second}"],
  ["a chunk size with a prefix", ["Transfer-Encoding: chunked"], "0x5\r\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk size with a plus", ["Transfer-Encoding: chunked"], "+5\r\nhello\r\n0\r\n\r\n{second}"],
  ["a negative chunk size", ["Transfer-Encoding: chunked"], "-5\r\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk size beyond 64 bits", ["Transfer-Encoding: chunked"], "100000000000000005\r\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk size with a space", ["Transfer-Encoding: chunked"], "5 \r\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk size that is empty", ["Transfer-Encoding: chunked"], "\r\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk that ends in LF", ["Transfer-Encoding: chunked"], "5\r\nhello\n0\r\n\r\n{second}"],
  ["a chunk size that ends in LF", ["Transfer-Encoding: chunked"], "5\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk extension with an LF in it", ["Transfer-Encoding: chunked"], "5;a\nb\r\nhello\r\n0\r\n\r\n{second}"],
  ["a chunk that is longer than its size", ["Transfer-Encoding: chunked"], "5\r\nhello!\r\n0\r\n\r\n{second}"],
];

describe("a message whose end is not certain", () => {
  it.each(REFUSED)("with %s is refused, its connection is closed, and nothing whole reaches the backend", async (_name, headers, body) => {
    const answer = await send(post(headers, body.replace("{second}", smuggled())));
    expect(statuses(answer)).toEqual([400]);
    expect(recording.requests).toEqual([]);
    expect(recording.malformed).toEqual([]);
    await expectUntouchedConnections();
  });

  it.each([
    ["HTTP/0.9", `GET ${"{target}"}\r\n\r\n`],
    ["HTTP/2", `GET ${"{target}"} HTTP/2.0\r\nHost: a\r\n\r\n`],
    ["a request line of three gaps", `GET ${"{target}"} x HTTP/1.1\r\nHost: a\r\n\r\n`],
    ["a bare CR in the request line", `GET ${"{target}"}\rX HTTP/1.1\r\nHost: a\r\n\r\n`],
    ["header lines before the request line", `X: y\r\nGET ${"{target}"} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ["a request line that ends in LF alone", `GET ${"{target}"} HTTP/1.1\nHost: a\r\n\r\n`],
    ["a head that ends in LF alone", `GET ${"{target}"} HTTP/1.1\r\nHost: a\n\n`],
  ])("in %s never reaches the backend but as one well-formed request", async (_name, text) => {
    const answer = await send(text.replace("{target}", `${contextPath()}/x`));
    expect(recording.malformed).toEqual([]);
    expect(recording.requests.length).toBeLessThanOrEqual(1);
    if (recording.requests.length === 0) expect(statuses(answer).every((status) => status >= 400 && status < 600)).toBe(true);
    await expectUntouchedConnections();
  });
});

describe("a message whose end is certain", () => {
  it.each([
    ["with a length", ["Content-Length: 5"], "hello", "hello"],
    ["with chunks", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n", "hello"],
    ["with chunk extensions", ["Transfer-Encoding: chunked"], '5;a=b;c="d"\r\nhello\r\n0;x\r\n\r\n', "hello"],
    [
      "with a request as its body",
      ["Content-Length: 44"],
      "GET /private/smuggled HTTP/1.1\r\nHost: abcd\r\n\r\n".slice(0, 44),
      "GET /private/smuggled HTTP/1.1\r\nHost: abcd\r\n\r\n".slice(0, 44),
    ],
    [
      "with trailers that mean something",
      ["Transfer-Encoding: chunked"],
      "5\r\nhello\r\n0\r\nX-Gatewright-Subject: forged\r\nAuthorization: Bearer good\r\n\r\n",
      "hello",
    ],
    ["with Expect", ["Expect: 100-continue", "Content-Length: 5"], "hello", "hello"],
    ["with a length named in Connection", ["Connection: content-length", "Content-Length: 5"], "hello", "hello"],
  ])("%s reaches the backend as exactly one request", async (_name, headers, body, received) => {
    expect(statuses(await send(post(headers, body))).filter((status) => status !== 100)).toEqual([200]);
    expect(recording.malformed).toEqual([]);
    expect(recording.requests).toMatchObject([{ method: "POST", target: "/x", body: received }]);
    expect(JSON.stringify(recording.requests)).not.toContain("forged");
    await expectUntouchedConnections();
  });

  it("and is followed by another is answered first, and the other by the rules of its own path", async () => {
    const answer = await send(post(["Content-Length: 5"], `hello${smuggled()}`));
    expect(statuses(answer)).toEqual([200, 401]);
    expect(recording.requests).toMatchObject([{ target: "/x", body: "hello" }]);
  });

  it.each(["GET", "HEAD", "DELETE", "OPTIONS"])("is so for %s with a body too", async (method) => {
    const answer = await send(
      `${method} ${contextPath()}/x HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled().length}\r\n\r\n${smuggled()}`,
    );
    expect(recording.malformed).toEqual([]);
    expect(recording.requests.map((request) => request.target)).toEqual(statuses(answer)[0] === 200 ? ["/x"] : []);
    await expectUntouchedConnections();
  });
});

describe("a wish to speak another protocol", () => {
  it.each([
    ["websocket", ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]],
    ["websocket", ["Sec-WebSocket-Version: 777"]],
    ["h2c", ["HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"]],
    ["TLS/1.0", []],
  ])("for %s %j that the backend does not grant opens no way past the gateway", async (protocol, headers) => {
    const upgrade = `GET ${contextPath()}/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`;
    const second = "GET /private/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const pause of [false, true]) {
      const socket = connect({ port: guarded.running.server.port, host: "127.0.0.1", allowHalfOpen: true });
      const ended = new Promise((resolve) => socket.on("close", resolve));
      socket.on("error", () => undefined);
      socket.write(pause ? upgrade : upgrade + second);
      if (pause) await new Promise((resolve) => socket.once("data", resolve));
      socket.resume();
      socket.end(pause ? second : "");
      await ended;
    }
    expect(recording.malformed).toEqual([]);
    expect(recording.requests.map((request) => request.target).join()).not.toContain("private");
    await expectUntouchedConnections();
  });
});

describe("nonsense after a request", () => {
  it("never gets into the answer that is under way", async () => {
    // The answer has begun, and as long as this side reads nothing it does not end.
    for (const nonsense of ["nonsense\r\n\r\n", "GET /\u0000 HTTP/1.1\r\n\r\n"]) {
      const socket = connect(guarded.running.server.port, "127.0.0.1");
      let text = "";
      const ended = new Promise((resolve) => socket.on("close", resolve));
      socket.on("error", () => undefined);
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        if (text === "") socket.write(nonsense, "latin1");
        text += chunk;
      });
      socket.write(`GET ${guarded.contextPath(endless, GUARD)}/x HTTP/1.1\r\nHost: a\r\n\r\n`);
      await ended;
      expect(statuses(text)).toEqual([200]);
    }
  });
});

describe("thousands of messages on whose end two readers may disagree", () => {
  it("never bring the backend anything but well-formed requests that their own path allows", async () => {
    let cases = 0;
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(ambiguousMessages(`${contextPath()}/x?CASE`, smuggled()), async (message) => {
        // Each has a target of its own, because one whose caller went on to send nonsense may reach the backend late.
        const answer = await send(message.replace("CASE", String(cases)));
        expect(recording.malformed).toEqual([]);
        const own = recording.requests.filter((request) => request.target === `/x?${cases}`).length;
        expect(own).toBeLessThanOrEqual(1);
        expect(recording.requests.map((request) => request.target).join()).not.toContain("private");
        expect(statuses(answer).filter((status) => status === 200).length).toBeLessThanOrEqual(1);
        cases += 1;
        passed += own;
        recording.requests.length = 0;
        if (cases % 20 === 0) await expectUntouchedConnections();
      }),
      { numRuns: 3000 },
    );
    // Neither is everything refused, nor does everything pass.
    expect(passed / cases).toBeGreaterThan(0.05);
    expect(passed / cases).toBeLessThan(0.95);
  });

  it("would bring it others from a gateway that looks at the first line alone", async () => {
    let harmful = 0;
    await fc.assert(
      fc.asyncProperty(ambiguousMessages("/x", "GET /private/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"), async (message) => {
        recording.requests.length = 0;
        recording.malformed.length = 0;
        await sendAndEnd(recording.port, message);
        if (recording.malformed.length > 0 || recording.requests.some((request) => request.target.includes("private"))) harmful += 1;
      }),
      { numRuns: 500 },
    );
    expect(harmful).toBeGreaterThan(100);
  });

  it.each([0, 1])("never make a real server answer with what is protected", async (index) => {
    const backend = others[index];
    if (!backend) throw new Error("There is no such backend.");
    await fc.assert(
      fc.asyncProperty(ambiguousMessages(`${contextPath(backend)}/public/x`, smuggled(backend)), async (message) => {
        expect(await send(message)).not.toContain(MARKER);
      }),
      { numRuns: 1000 },
    );
  });
});
