import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testOutbound, testPorts } from "../../testing/fixtures";
import { readAll } from "../../testing/servers";
import { createConnections } from "../../upstream/connections";
import { introspectionResource } from "../oauth2-introspection/resource";

const TOKENS = 10_000;
const ANSWER_AFTER_MS = 20;

describe("ten thousand tokens that nobody knows yet", () => {
  const asked = new Map<string, number>();
  let open = 0;
  let openAtMost = 0;
  const server = createServer(async (incoming, outgoing) => {
    const token = new URLSearchParams(await readAll(incoming)).get("token") ?? "";
    asked.set(token, (asked.get(token) ?? 0) + 1);
    setTimeout(() => outgoing.end(JSON.stringify({ active: true, client_id: token })), ANSWER_AFTER_MS);
  });
  server.on("connection", (socket) => {
    open += 1;
    openAtMost = Math.max(openAtMost, open);
    socket.on("close", () => {
      open -= 1;
    });
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );

  it("are introspected once each, however many callers bring each at the same moment, over a bounded number of connections", async () => {
    const { port } = server.address() as AddressInfo;
    const checker = introspectionResource.compile(
      { introspectionEndpoint: `http://127.0.0.1:${port}/introspect`, clientId: "gw", cacheTtlSeconds: 3600, timeoutMs: 60_000 },
      {
        ports: testPorts(),
        connections: createConnections(testOutbound),
        resourceUri: "http://gateway.test/gateway/orders",
        secret: () => ({ value: "secret", version: "1" }),
      },
    );
    // Each token comes three times: twice at once, and once more when all have been asked for.
    const tokens = Array.from({ length: TOKENS }, (_, index) => `token-${index}`);
    const checks = [...tokens.flatMap((token) => [token, token]), ...tokens].map(async (token) => {
      const check = await checker.check(token);
      return check.outcome === "active" && check.token.clientId === token;
    });
    expect((await Promise.all(checks)).every((isRight) => isRight)).toBe(true);
    expect(asked.size).toBe(TOKENS);
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
    expect(openAtMost).toBeLessThanOrEqual(128);
    // And every one of them is known from now on.
    for (const token of tokens) expect(checker.check(token)).not.toBeInstanceOf(Promise);
    checker.release();
  });
});

describe("more tokens than there are connections, at a server that never answers", () => {
  it("are all given up after the timeout, also those whose turn never came, and asked again by the next call", async () => {
    let isSilent = true;
    const server = createServer(async (incoming, outgoing) => {
      await readAll(incoming).catch(() => "");
      if (!isSilent) outgoing.end('{"active":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const checker = introspectionResource.compile(
      { introspectionEndpoint: `http://127.0.0.1:${port}/introspect`, clientId: "gw", timeoutMs: 300 },
      {
        ports: testPorts(),
        connections: createConnections(testOutbound),
        resourceUri: "http://gateway.test/gateway/orders",
        secret: () => ({ value: "secret", version: "1" }),
      },
    );
    const askAll = async () => {
      const checks = await Promise.all(Array.from({ length: 400 }, (_, index) => checker.check(`token-${index}`)));
      return new Set(checks.map(({ outcome }) => outcome));
    };
    expect(await askAll()).toEqual(new Set(["unavailable"]));
    isSilent = false;
    // A slow machine may need more than one round within so short a timeout.
    await expect.poll(askAll, { timeout: 20_000 }).toEqual(new Set(["active"]));
    checker.release();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  });
});
