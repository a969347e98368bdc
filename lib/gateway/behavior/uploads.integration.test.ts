import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type ClientRequest, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { listenOnFreePort, readAll, type TestServer } from "../testing/servers";

/** How long a client may pause, and after how long its rate counts. */
const IDLE_MS = 300;

describe.each(ADAPTERS)("uploads through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: TestServer;
  let begun = 0;
  const open: ClientRequest[] = [];

  beforeAll(async () => {
    backend = await listenOnFreePort(
      createServer(async (incoming, outgoing) => {
        begun += 1;
        const hash = createHash("sha256");
        try {
          for await (const chunk of incoming) hash.update(chunk);
        } catch {
          return;
        }
        outgoing.end(hash.digest("hex"));
      }),
    );
  });
  afterAll(() => backend.close());
  const start = async (options: Parameters<typeof startGateway>[1], maxConnections: number) => {
    gateway = await startGateway(adapter, options);
    begun = 0;
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin, maxConnections } } })]);
  };
  afterEach(async () => {
    for (const outgoing of open.splice(0)) outgoing.destroy();
    await gateway.close();
  });

  const upload = (headers: Record<string, string | number>) => {
    const outgoing = httpRequest({
      host: "127.0.0.1",
      port: gateway.server.port,
      path: `${gateway.mount}/orders/files`,
      method: "POST",
      headers,
      agent: false,
    });
    open.push(outgoing);
    const answered = once(outgoing, "response").then(async ([incoming]: IncomingMessage[]) => ({
      status: incoming?.statusCode,
      headers: incoming?.headers ?? {},
      body: incoming ? await readAll(incoming).catch(() => "") : "",
    }));
    answered.catch(() => undefined);
    outgoing.on("error", () => undefined);
    return { outgoing, answered };
  };
  const honest = async () => {
    expect((await gateway.call("/orders/x")).status).toBe(200);
    const post = await gateway.call("/orders/x", { method: "POST", body: "small" });
    expect([post.status, post.body]).toEqual([200, createHash("sha256").update("small").digest("hex")]);
  };

  describe("of clients that send next to nothing", () => {
    beforeEach(() => start({ callerIdleMs: 60_000 }, 2));

    it.each([
      ["small", { "content-length": 1000 }],
      ["large", { "content-length": 1_000_000 }],
    ])("take no place at the backend when their body is %s", async (_, headers) => {
      for (let count = 0; count < 40; count += 1) upload(headers).outgoing.write("x");
      await honest();
      expect(begun).toBe(2);
    });

    it("have places for one client's streams, and leave the others", async () => {
      const first = upload({ "transfer-encoding": "chunked" });
      first.outgoing.write("x");
      await expect.poll(() => begun, { timeout: 10_000 }).toBe(1);
      const second = upload({ "transfer-encoding": "chunked" });
      second.outgoing.write("x");
      expect(await second.answered).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
      expect(JSON.parse((await second.answered).body)).toMatchObject({ error: "TOO_MANY_UPLOADS", http_status_code: 429 });
      await honest();
      first.outgoing.end("y");
      expect((await first.answered).status).toBe(200);
      const third = upload({ "transfer-encoding": "chunked" });
      third.outgoing.end("z");
      expect((await third.answered).status).toBe(200);
    });
  });

  it("count by the client behind a trusted proxy, and by the network of an IPv6 one", async () => {
    await start({ callerIdleMs: 60_000, trustsProxy: (address) => address === "127.0.0.1" }, 2);
    const from = (address: string) => {
      const sent = upload({ "content-length": 100_000, "x-forwarded-for": address });
      sent.outgoing.write("x".repeat(20_000));
      return sent;
    };
    from("198.51.100.1, 2001:db8:1:2::1");
    await expect.poll(() => begun, { timeout: 10_000 }).toBe(1);
    expect((await from("2001:db8:1:2:ffff::9").answered).status).toBe(429);
    from("2001:db8:1:3::1");
    await expect.poll(() => begun, { timeout: 10_000 }).toBe(2);
  });

  describe("that are slow", () => {
    beforeEach(() => start({ callerIdleMs: IDLE_MS, callerMinRate: 5000 }, 4));

    it.each([
      ["a small body", { "content-length": 10_000 }],
      ["a large body", { "content-length": 10_000_000 }],
      ["a stream", { "transfer-encoding": "chunked" }],
    ])("end with 408 when %s comes at less than the least rate, without a pause", async (_, headers) => {
      const { outgoing, answered } = upload(headers);
      // 200 bytes a second.
      const drip = setInterval(() => outgoing.write("x".repeat(10)), 50);
      const answer = await answered;
      clearInterval(drip);
      expect(answer.status).toBe(408);
      expect(JSON.parse(answer.body)).toMatchObject({ error: "REQUEST_TIMEOUT" });
      expect(answer.headers["x-request-id"]).toMatch(/./);
    });

    it("pass when they keep up, however long they take", async () => {
      const { outgoing, answered } = upload({ "transfer-encoding": "chunked" });
      for (let count = 0; count < 20; count += 1) {
        outgoing.write("x".repeat(2000));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      outgoing.end();
      expect((await answered).status).toBe(200);
    });
  });

  it("arrive unchanged, whatever their size, with and without a stated length", async () => {
    await start({}, 50);
    for (const size of [1, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 300_000, 3_000_000]) {
      const body = randomBytes(size);
      const digest = createHash("sha256").update(body).digest("hex");
      const stated = upload({ "content-length": size });
      stated.outgoing.end(body);
      expect((await stated.answered).body).toBe(digest);
      const chunked = upload({ "transfer-encoding": "chunked" });
      chunked.outgoing.end(body);
      expect((await chunked.answered).body).toBe(digest);
    }
  });
});
