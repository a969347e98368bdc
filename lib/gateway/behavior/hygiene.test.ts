import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

type Backend = Awaited<ReturnType<typeof startBackend>>;

describe.each(ADAPTERS)("callers and backends behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Backend;

  const deploy = (endpoint: Record<string, unknown> = {}, more: Record<string, unknown> = {}, url = backend.origin) =>
    gateway.gateway.replace([deployed({ endpoints: { production: { url, ...endpoint } }, ...more })]);

  /** The last record, which is written when the answer has been handed over. */
  const lastRecord = () => expect.poll(() => gateway.ports.records.at(-1));

  beforeAll(async () => {
    backend = await startBackend();
    gateway = await startGateway(adapter, { trustsProxy: (address) => address === "127.0.0.1", callerIdleMs: 200 });
  });
  beforeEach(() => {
    backend.calls.length = 0;
    gateway.ports.records.length = 0;
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), backend.close()]);
  });

  it("believes what a trusted proxy says about the caller, and carries it on", async () => {
    await deploy();
    await gateway.call("/orders", {
      headers: [
        "x-forwarded-for",
        "192.0.2.7",
        "x-forwarded-proto",
        "https",
        "x-forwarded-host",
        "shop.example",
        "forwarded",
        "for=192.0.2.7;proto=https",
      ],
    });
    expect(backend.calls[0]?.headers).toMatchObject({
      "x-forwarded-for": "192.0.2.7, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "shop.example",
      forwarded: "for=192.0.2.7;proto=https, for=127.0.0.1;host=shop.example;proto=https",
    });
  });

  it("believes of a scheme only the two that there are", async () => {
    await deploy();
    await gateway.call("/orders", { headers: ["x-forwarded-proto", "gopher"] });
    expect(backend.calls[0]?.headers["x-forwarded-proto"]).toBe("http");
  });

  it("drops what would make the backend act on another method or path", async () => {
    await deploy();
    const names = ["X-HTTP-Method-Override", "x-http-method", "X_Method_Override", "X-Original-URL", "x-rewrite-url"];
    await gateway.call("/orders", { method: "POST", headers: names.flatMap((name) => [name, "DELETE"]) });
    const seen = Object.keys(backend.calls[0]?.headers ?? {});
    for (const name of names) expect(seen).not.toContain(name.toLowerCase());
  });

  it("lets flows for GET guard HEAD", async () => {
    await deploy(
      {},
      {
        flows: [
          { match: { methods: ["GET"] }, response: [{ policy: "transform-headers", config: { set: [{ name: "x-flow", value: "get" }] } }] },
        ],
      },
    );
    expect((await gateway.call("/orders", { method: "HEAD" })).headers["x-flow"]).toBe("get");
    expect((await gateway.call("/orders", { method: "POST" })).headers["x-flow"]).toBeUndefined();
  });

  it("refuses what calls itself over and over", async () => {
    await deploy({}, {}, `${gateway.server.origin}${gateway.mount}/orders`);
    const reply = await gateway.call("/orders");
    expect(reply.status).toBe(508);
    expect(JSON.parse(reply.body)).toMatchObject({ error: "LOOP_DETECTED" });
  });

  it("refuses more header fields than any request needs", async () => {
    await deploy();
    const reply = await gateway.call("/orders", { headers: Array.from({ length: 600 }, (_, index) => (index % 2 ? "1" : `x-${index}`)) });
    expect(reply.status).toBe(431);
    expect(backend.calls).toHaveLength(0);
  });

  it("sends a backend no more calls than it may have, lets as many wait, and refuses the rest with Retry-After", async () => {
    const held: (() => void)[] = [];
    const slow = await startBackend((_, outgoing) => {
      held.push(() => outgoing.end("ok"));
    });
    try {
      await deploy({ maxConnections: 2 }, {}, slow.origin);
      const calls = Array.from({ length: 6 }, () => gateway.call("/orders"));
      const refused = await Promise.race(calls);
      expect(refused.status).toBe(503);
      expect(refused.headers["retry-after"]).toBe("1");
      await expect.poll(() => held.length).toBe(2);
      for (let answered = 0; answered < 4; answered += 1) {
        await expect.poll(() => held.length).toBeGreaterThan(answered);
        held[answered]?.();
      }
      const statuses = (await Promise.all(calls)).map((reply) => reply.status).sort();
      expect(statuses).toEqual([200, 200, 200, 200, 503, 503]);
      const next = gateway.call("/orders");
      await expect.poll(() => held.length).toBe(5);
      held[4]?.();
      expect((await next).status).toBe(200);
    } finally {
      for (const release of held) release();
      await slow.close();
    }
  });

  it("ends an answer that pauses for too long, or takes too long as a whole, and says that the backend did", async () => {
    const dripping = await startBackend((incoming, outgoing) => {
      outgoing.writeHead(200).write("begun");
      if (incoming.url === "/drip") {
        const timer = setInterval(() => outgoing.write("."), 20);
        outgoing.on("close", () => clearInterval(timer));
      }
    });
    try {
      for (const [endpoint, path] of [
        [{ idleTimeoutMs: 150 }, "/pause"],
        [{ totalTimeoutMs: 150 }, "/drip"],
      ] as const) {
        gateway.ports.records.length = 0;
        await deploy(endpoint, {}, dripping.origin);
        await expect(gateway.call(`/orders${path}`)).rejects.toThrow();
        await lastRecord().toMatchObject({ status: 200, cut: "backend" });
      }
    } finally {
      await dripping.close();
    }
  });

  it("drops a caller that pauses in the middle of its body", async () => {
    await deploy();
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(gateway.server.port, "127.0.0.1", () => {
        socket.write(`POST ${gateway.mount}/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nbegun`);
      });
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
        if (text.includes("REQUEST_TIMEOUT")) {
          socket.destroy();
          resolve(text);
        }
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await lastRecord().toMatchObject({ status: 408, code: "REQUEST_TIMEOUT" });
  });

  it("says in the record who broke an answer off", async () => {
    const endless = await startBackend((_, outgoing) => {
      outgoing.writeHead(200);
      const timer = setInterval(() => outgoing.write("x".repeat(1000)), 5);
      outgoing.on("close", () => clearInterval(timer));
    });
    try {
      await deploy({}, {}, endless.origin);
      await new Promise<void>((resolve) => {
        const socket = connect(gateway.server.port, "127.0.0.1", () =>
          socket.write(`GET ${gateway.mount}/orders HTTP/1.1\r\nhost: x\r\n\r\n`),
        );
        socket.on("data", () => socket.destroy());
        socket.on("close", () => resolve());
      });
      await lastRecord().toMatchObject({ status: 200, cut: "caller" });
    } finally {
      await endless.close();
    }
  });
});
