import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScriptedBackend, startScripted } from "../bypass-tests/scripted-backend";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { rawCall } from "../testing/servers";

const CHUNKED = "2\r\nhi\r\n0\r\n\r\n";

describe.each(ADAPTERS)("transfer codings through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: ScriptedBackend;
  const seen: string[] = [];

  beforeAll(async () => {
    [gateway, backend] = await Promise.all([startGateway(adapter), startScripted()]);
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin, timeoutMs: 2000 } } })]);
  });
  afterAll(() => Promise.all([gateway.close(), backend.close()]));

  describe("of a request in HTTP/1.0, which has none (RFC 9112, 6.1)", () => {
    const send = (path: string, headers: string) => {
      backend.script = (socket, request) => {
        seen.push(request.split("\r\n", 1)[0] ?? "");
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      };
      seen.length = 0;
      const target = gateway.mount + path;
      // Without `Connection: close`, the read ends only if the gateway closes the connection.
      return rawCall(
        gateway.server,
        `POST ${target} HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n${headers}\r\n\r\n${CHUNKED}GET ${gateway.mount}/orders/second HTTP/1.0\r\nHost: h\r\n\r\n`,
      );
    };

    it.each([
      ["chunked", "Transfer-Encoding: chunked"],
      ["another spelling", "transfer-ENCODING:  Chunked "],
      ["named in Connection", "Connection: transfer-encoding\r\nTransfer-Encoding: chunked"],
      ["gzip, chunked", "Transfer-Encoding: gzip, chunked"],
    ])("are 400 (%s), and the connection is closed", async (_name, header) => {
      const answer = await send("/orders/open", header);
      expect(answer).toMatch(/^HTTP\/1\.[01] 400 /);
      expect(answer).toContain("INVALID_REQUEST");
      expect(answer).toMatch(/^connection: close\r$/im);
      expect(seen).toEqual([]);
    });

    it("close the connection where no API is, too", async () => {
      const answer = await send("/nowhere", "Transfer-Encoding: chunked");
      expect(answer).toMatch(/^HTTP\/1\.[01] 4\d\d /);
      expect(seen).toEqual([]);
    });

    it("leave other bodies of HTTP/1.0 alone", async () => {
      backend.script = (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      const answer = await rawCall(gateway.server, `POST ${gateway.mount}/orders/open HTTP/1.0\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi`);
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
    });
  });

  describe("of a response", () => {
    const zipped = gzipSync("hello").toString("latin1");
    const chunk = `${zipped.length.toString(16)}\r\n${zipped}\r\n0\r\n\r\n`;
    const answer = async (codings: string, body: string, status = "200 OK") => {
      backend.script = (socket) => socket.end(`HTTP/1.1 ${status}\r\n${codings}\r\n\r\n${body}`, "latin1");
      return gateway.call("/orders/x");
    };

    it.each([
      ["a coding below the chunks", "Transfer-Encoding: gzip, chunked", chunk],
      ["a coding in a header of its own", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", chunk],
      ["chunks within another coding", "Transfer-Encoding: chunked, identity", chunk],
      ["chunks within chunks", "Transfer-Encoding: chunked, chunked", chunk],
      ["a coding without chunks", "Transfer-Encoding: gzip", zipped],
      ["a coding that nobody knows", "Transfer-Encoding: x-secret", "abc"],
      ["another spelling", "transfer-encoding: GZIP,chunked", chunk],
      ["a coding that Connection names", "Connection: transfer-encoding\r\nTransfer-Encoding: gzip, chunked", chunk],
      ["a parameter", "Transfer-Encoding: chunked;q=1", chunk],
    ])("that the gateway doesn't decode, %s, make it a 502", async (_name, codings, body) => {
      const reply = await answer(codings, body);
      expect([reply.status, JSON.parse(reply.body).error]).toEqual([502, "BACKEND_INVALID_RESPONSE"]);
      expect((await answer(codings, body, "404 Not Found")).status).toBe(502);
    });

    it.each([
      ["chunked", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"],
      ["chunked in another spelling", "TRANSFER-ENCODING:  Chunked ", "5\r\nhello\r\n0\r\n\r\n"],
      ["none, by an old name", "Transfer-Encoding: identity", "hello"],
    ])("pass when they are %s", async (_name, codings, body) => {
      expect(await answer(codings, body)).toMatchObject({ status: 200, body: "hello" });
    });
  });
});
