import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

describe.each(ADAPTERS)("header fields of a request, through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;

  beforeAll(async () => {
    [backend, gateway] = await Promise.all([startBackend(), startGateway(adapter)]);
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })]);
  });
  afterAll(() => Promise.all([backend.close(), gateway.close()]));

  /** Sends all of it, whatever comes back meanwhile, and reads to the end. Rejects when the connection is reset. */
  const send = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ port: gateway.server.port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.write(text, "latin1"));
      let answer = "";
      socket.setEncoding("latin1").on("data", (chunk) => {
        answer += chunk;
      });
      socket.on("end", () => socket.end(() => resolve(answer))).on("error", reject);
    });
  const request = (fields: string) => `GET ${gateway.mount}/orders/x HTTP/1.1\r\nHost: gateway.test\r\n${fields}Connection: close\r\n\r\n`;

  it.each([8000, 16_000, 24_000, 32_000])("may have %i bytes together", async (bytes) => {
    expect(await send(request(`Authorization: Bearer ${"a".repeat(bytes - 100)}\r\n`))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ["one of 40 KB", () => `Authorization: Bearer ${"a".repeat(40_000)}\r\n`],
    ["one of 2 MB", () => `Authorization: Bearer ${"a".repeat(2_000_000)}\r\n`],
    ["a name of 1 MB", () => `${"a".repeat(1_000_000)}: 1\r\n`],
    ["1,000 of them", () => "X-Something: and its value\r\n".repeat(1000)],
    ["100,000 of them", () => "X-Something: and its value\r\n".repeat(100_000)],
    ["300 small ones", () => "a: b\r\n".repeat(300)],
  ])("%s get 431 with an id, and never a reset connection", async (_, fields) => {
    for (const text of [request(fields()), request(fields()).replace("GET", "POST")]) {
      const [head = "", body = ""] = (await send(text)).split("\r\n\r\n");
      expect(head).toMatch(/^HTTP\/1\.1 431 /);
      expect(head).toMatch(/^content-type: application\/json\r?$/im);
      expect(JSON.parse(body)).toMatchObject({ http_status_code: 431, error: "HEADERS_TOO_LARGE" });
      const [, id] = /^x-request-id: (\S+)/im.exec(head) ?? [];
      expect(gateway.ports.records.at(-1)).toMatchObject({ requestId: id, status: 431, code: "HEADERS_TOO_LARGE" });
    }
  });

  it("a target of 40 KB gets 431 as well", async () => {
    expect(await send(`GET ${gateway.mount}/orders/${"a".repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*x-request-id: /i,
    );
  });
});
