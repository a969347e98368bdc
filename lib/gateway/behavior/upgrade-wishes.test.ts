import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

/** What clients ask for besides WebSocket. The first is what Java's client sends with every request. */
const WISHES = [
  ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"],
  ["Connection: upgrade", "Upgrade: h2c"],
  ["Upgrade: h2c"],
  ["Connection: Upgrade", "Upgrade: TLS/1.2"],
  ["Connection: Upgrade", "Upgrade: h2c, websocket"],
  ["Connection: Upgrade", "Upgrade: websocket", "Upgrade: h2c"],
  ["Connection: keep-alive, Upgrade", "Upgrade: HTTP/2.0, SHTTP/1.3, IRC/6.9"],
  ["Connection: Upgrade", "Upgrade:"],
] as const;

const BODIES = [
  ["GET", [], [""], ""],
  ["HEAD", [], [""], ""],
  ["DELETE", [], [""], ""],
  ["POST", ["Content-Length: 0"], [""], ""],
  ["POST", ["Content-Length: 7"], ['{"a":1}'], '{"a":1}'],
  ["PUT", ["Content-Length: 7"], ['{"a"', ":1}"], '{"a":1}'],
  ["POST", ["Transfer-Encoding: chunked"], ["3\r\nabc\r\n0\r\n\r\n"], "abc"],
  ["PATCH", ["Transfer-Encoding: chunked"], ["3\r\na", "bc\r\n0\r\n", "\r\n"], "abc"],
] as const;

describe.each(ADAPTERS)("a wish for another protocol through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;

  beforeAll(async () => {
    [backend, gateway] = await Promise.all([startBackend(), startGateway(adapter)]);
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })]);
  });
  afterAll(() => Promise.all([backend.close(), gateway.close()]));
  beforeEach(() => {
    backend.calls.length = 0;
  });

  /** Sends the pieces one after the other, then, when there is an answer, a second request on the same connection. */
  async function exchange(pieces: readonly string[], second: string): Promise<string> {
    const socket = connect({ port: gateway.server.port, host: "127.0.0.1", noDelay: true });
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    for (const piece of pieces) {
      socket.write(piece, "latin1");
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => text, { timeout: 10_000 }).toMatch(/HTTP\/1\.1 \d{3}/);
    await expect.poll(() => backend.calls.length, { timeout: 10_000 }).toBe(1);
    socket.write(second, "latin1");
    await ended;
    return text;
  }

  it.each(WISHES.map((lines) => [lines]))("by %j changes nothing, with a body or without", async (lines) => {
    for (const [method, framing, body, expected] of BODIES) {
      backend.calls.length = 0;
      const head = `${method} ${gateway.mount}/orders/one HTTP/1.1\r\n${["Host: x", ...lines, ...framing].join("\r\n")}\r\n\r\n`;
      const [first = "", ...rest] = body;
      const second = `GET ${gateway.mount}/orders/two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const text = await exchange([head + first, ...rest], second);
      expect(text.match(/HTTP\/1\.1 \d{3}/g), `${method} ${framing}`).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
      expect(backend.calls.map(({ method: seen, url, body: sent }) => [seen, url, sent])).toEqual([
        [method, "/one", expected],
        ["GET", "/two", ""],
      ]);
      for (const name of ["upgrade", "http2-settings"]) expect(backend.calls[0]?.headers[name]).toBeUndefined();
    }
  });

  it("for WebSocket is one only with GET and HTTP/1.1", async () => {
    for (const [method, version] of [
      ["POST", "1.1"],
      ["GET", "1.0"],
    ]) {
      backend.calls.length = 0;
      const lines = ["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Content-Length: 0"];
      const pieces = [`${method} ${gateway.mount}/orders/one HTTP/${version}\r\n${lines.join("\r\n")}\r\n\r\n`];
      const second = `GET ${gateway.mount}/orders/two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      expect(await exchange(pieces, second)).toMatch(/^HTTP\/1\.1 200 /);
      expect(backend.calls[0]).toMatchObject({ method, url: "/one", body: "" });
    }
  });
});
