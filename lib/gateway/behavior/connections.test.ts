import { createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startIntrospection } from "../testing/introspection-server";

/** A request line as a backend read it, and the connection on which it stood. */
interface ReadRequest {
  line: string;
  head: string;
  connection: number;
}

/**
 * A backend that reads heads and nothing else, as Python's standard servers do with methods of which they expect no body: what
 * follows a head is its next request, unless the connection is to be closed. `isLost` decides which requests it answers by
 * leaving.
 */
async function startHeadReader(isLost: (seen: readonly ReadRequest[]) => boolean = () => false) {
  const requests: ReadRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    let text = "";
    sockets.add(socket);
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
        const head = text.slice(0, end).trimStart();
        text = text.slice(end + 4);
        requests.push({ line: head.split("\r\n", 1)[0] ?? "", head, connection });
        if (isLost(requests.filter((request) => request.connection === connection))) {
          socket.destroy();
          return;
        }
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${head.startsWith("HEAD") ? "" : "ok"}`);
        if (/^connection:\s*close$/im.test(head)) {
          socket.end();
          text = "";
          return;
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    requests,
    origin: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

describe.each(ADAPTERS)("connections to backends of %s", (adapter) => {
  let gateway: RunningGateway;
  let as: Awaited<ReturnType<typeof startIntrospection>>;
  const closing: (() => Promise<unknown>)[] = [];

  const deploy = (url: string, more: Record<string, unknown> = {}) =>
    gateway.gateway.replace([
      deployed({ endpoints: { production: { url, maxConnections: 1, ...more } } }, { "endpoints/production/password": "p" }),
    ]);

  beforeAll(async () => {
    [gateway, as] = await Promise.all([startGateway(adapter), startIntrospection()]);
  });
  afterAll(() => Promise.all([gateway.close(), as.close()]));
  afterEach(async () => {
    await gateway.gateway.replace([]);
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  const SMUGGLED = "DELETE /orders/1 HTTP/1.1\r\nHost: x\r\nX-Gatewright-Subject: forged\r\n\r\n";
  const basic = { security: { type: "basic", username: "u", password: "p" } };
  const METHODS = ["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND", "PROPPATCH", "REPORT", "SEARCH"];

  it.each([
    ...METHODS.map((method) => [method, "a length", {}] as const),
    ...METHODS.map((method) => [method, "a length and endpoint security", basic] as const),
  ])("carry no request in the body of a %s with %s", async (method, _name, security) => {
    const backend = await startHeadReader();
    closing.push(backend.close);
    await deploy(backend.origin, security);
    expect((await gateway.call("/orders/open", { method, body: SMUGGLED })).status).toBe(200);
    expect((await gateway.call("/orders/after")).status).toBe(200);
    expect(backend.requests.map(({ line }) => line)).toEqual([`${method} /open HTTP/1.1`, "GET /after HTTP/1.1"]);
    expect(backend.requests[1]?.connection).not.toBe(backend.requests[0]?.connection);
  });

  it("carry none in chunks either", async () => {
    const backend = await startHeadReader();
    closing.push(backend.close);
    await deploy(backend.origin);
    const chunked = { method: "GET", headers: ["transfer-encoding", "chunked"] };
    // Without a length of its own, Node's client sends the body in chunks.
    expect((await gateway.call("/orders/open", { ...chunked, chunks: [SMUGGLED] })).status).toBe(200);
    expect((await gateway.call("/orders/after")).status).toBe(200);
    expect(backend.requests.map(({ line }) => line)).toEqual(["GET /open HTTP/1.1", "GET /after HTTP/1.1"]);
  });

  it("are kept where a body is expected, and where there is none", async () => {
    const backend = await startHeadReader();
    closing.push(backend.close);
    await deploy(backend.origin);
    for (const method of ["GET", "DELETE", "POST"]) await gateway.call("/orders", { method, headers: ["content-length", "0"] });
    expect(new Set(backend.requests.map(({ connection }) => connection)).size).toBe(1);
    expect(backend.requests.map(({ head }) => /^connection: keep-alive$/im.test(head))).toEqual([true, true, true]);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("that are lost in the middle of a %s lose it once: it isn't sent again", async (method) => {
    const backend = await startHeadReader((seen) => seen.length === 2);
    closing.push(backend.close);
    await deploy(backend.origin);
    expect((await gateway.call("/orders/first")).status).toBe(200);
    const reply = await gateway.call("/orders/lost", { method, headers: ["content-length", "0"] });
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([502, "BACKEND_UNREACHABLE"]);
    expect((await gateway.call("/orders/after")).status).toBe(200);
    expect(backend.requests.filter(({ line }) => line === `${method} /lost HTTP/1.1`)).toHaveLength(1);
    // The test is about a kept-alive connection: the call went out on the one that had served before.
    expect(backend.requests[1]?.connection).toBe(backend.requests[0]?.connection);
  });

  it.each(["GET", "HEAD", "OPTIONS"])("that are lost in the middle of a %s are opened anew, once", async (method) => {
    const backend = await startHeadReader((seen) => seen.length === 2);
    closing.push(backend.close);
    await deploy(backend.origin);
    await gateway.call("/orders/first");
    expect((await gateway.call("/orders/lost", { method })).status).toBe(200);
    expect(backend.requests.filter(({ line }) => line === `${method} /lost HTTP/1.1`)).toHaveLength(2);
  });
});
