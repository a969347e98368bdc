import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseParameters } from "../endpoint-security/challenges";
import { startTokenServer, type TokenServer } from "../endpoint-security/testing/token-server";
import { deployed } from "../testing/fixtures";
import { type GuardedBackend, REFUSAL, startGuardedBackend } from "../testing/guarded-backend";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type Reply, readAll, startServer } from "../testing/servers";
import { REPLAYED_BYTES_MAX } from "../upstream/secured-call";

const SECRETS = { "endpoints/production/clientSecret": "s3cret-of-client", "endpoints/production/password": "Circle of Life" };
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Sends a body in chunks, without saying how long it is. */
function chunked(gateway: RunningGateway, pieces: readonly string[]): Promise<Pick<Reply, "status" | "body">> {
  return new Promise((resolve, reject) => {
    const { port } = gateway.server;
    const outgoing = httpRequest(
      { port, host: "127.0.0.1", method: "POST", path: `${gateway.mount}/orders`, agent: false },
      async (incoming) => resolve({ status: incoming.statusCode ?? 0, body: await readAll(incoming) }),
    );
    outgoing.on("error", reject);
    for (const piece of pieces) outgoing.write(piece);
    outgoing.end();
  });
}

describe.each(ADAPTERS)("a backend's 401 behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: GuardedBackend;
  let tokens: TokenServer;
  let issued = 0;
  /** Tokens that the backend does not take any more. */
  const revoked = new Set<string>();

  beforeAll(async () => {
    [gateway, backend, tokens] = await Promise.all([startGateway(adapter), startGuardedBackend(), startTokenServer()]);
  });
  afterAll(() => Promise.all([gateway.close(), backend.close(), tokens.close()]));
  beforeEach(async () => {
    await gateway.gateway.replace([]);
    issued = 0;
    revoked.clear();
    for (const list of [backend.calls, tokens.seen, gateway.ports.records]) list.length = 0;
    backend.challenge = 'Bearer realm="backend.internal", error="invalid_token"';
    backend.judge = (authorization) => (authorization === undefined || revoked.has(authorization) ? 401 : 200);
    tokens.answer = (_, outgoing) => {
      issued += 1;
      outgoing.end(JSON.stringify({ access_token: `t${issued}`, token_type: "Bearer", expires_in: 3600 }));
    };
  });
  afterEach(() => {
    // Whatever happened, no line of the log has a token or a secret in it.
    expect(JSON.stringify(gateway.ports.records)).not.toMatch(/s3cret-of-client|Circle of Life|Bearer t\d|"t\d"/);
  });

  const deploy = async (security: object = { type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway" }, url = backend.origin) =>
    expect(await gateway.gateway.replace([deployed({ endpoints: { production: { url, security } } }, SECRETS)])).toEqual([]);
  const seen = () => backend.calls.map(({ status, headers, body }) => [status, headers.authorization, body]);

  /** What a caller gets who must not think that its own token is meant. */
  const expectRefused = (reply: Reply) => {
    expect([reply.status, reply.headers["www-authenticate"]]).toEqual([502, undefined]);
    expect(JSON.parse(reply.body)).toEqual({
      message: "The backend rejected the gateway's credentials",
      http_status_code: 502,
      error: "BACKEND_AUTHORIZATION_REFUSED",
    });
    expect(reply.rawHeaders.join() + reply.body).not.toContain("internal");
    expect(gateway.ports.records.at(-1)).toMatchObject({
      status: 502,
      code: "BACKEND_AUTHORIZATION_REFUSED",
      answeredBy: "endpoint-security",
    });
  };

  it("to a token that was revoked is followed by exactly one renewal, and the call succeeds", async () => {
    await deploy();
    await gateway.call("/orders");
    revoked.add("Bearer t1");
    expect((await gateway.call("/orders")).body).toBe("ok");
    expect((await gateway.call("/orders")).status).toBe(200);
    expect(seen()).toEqual([
      [200, "Bearer t1", ""],
      [401, "Bearer t1", ""],
      [200, "Bearer t2", ""],
      [200, "Bearer t2", ""],
    ]);
    expect(gateway.ports.records.map((record) => record.status)).toEqual([200, 200, 200]);
  });

  it("to many calls at once is followed by one renewal for all of them", async () => {
    await deploy();
    await gateway.call("/orders");
    revoked.add("Bearer t1");
    const replies = await Promise.all(Array.from({ length: 30 }, () => gateway.call("/orders")));
    expect(replies.map((reply) => reply.status)).toEqual(Array(30).fill(200));
    expect(issued).toBe(2);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("to %s has the call sent again with the very same body", async (method) => {
    await deploy();
    await gateway.call("/orders");
    revoked.add("Bearer t1");
    const body = `{"n":"${"ü".repeat(2000)}"}`;
    expect((await gateway.call("/orders/1?x=%20y", { method, body, headers: ["x-mine", "1"] })).status).toBe(200);
    const [, first, second] = backend.calls;
    expect([first?.body, second?.body]).toEqual([body, body]);
    expect(second).toMatchObject({ method, url: "/1?x=%20y", status: 200 });
    // In this process, the test's own backend is captured like a page, under another ID each time.
    const rest = { authorization: "", "x-gatewright-page": "" };
    expect({ ...second?.headers, ...rest }).toEqual({ ...first?.headers, ...rest });
  });

  it("has any small body sent again byte by byte, whether its length was said or not", async () => {
    await deploy();
    await gateway.call("/orders");
    const pieces = fc.array(fc.string({ maxLength: 8000, unit: "binary-ascii", size: "max" }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.boolean(), async (parts, isChunked) => {
        const body = parts.join("");
        revoked.add(`Bearer t${issued}`);
        gateway.ports.advance(3_000_000);
        const reply = isChunked ? await chunked(gateway, parts) : await gateway.call("/orders", { method: "POST", body });
        expect(reply.status).toBe(200);
        expect(backend.calls.at(-1)?.body).toBe(body);
      }),
      { numRuns: 30 },
    );
  });

  it("is not risked with a token that was dropped while a slow caller was still sending", async () => {
    let epoch = 0;
    gateway.ports.tokenEpoch = () => epoch;
    await deploy();
    expect((await gateway.call("/orders")).status).toBe(200);
    const { port } = gateway.server;
    const outgoing = httpRequest({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: `${gateway.mount}/orders`,
      headers: { "content-length": 4 },
      agent: false,
    });
    const answered = once(outgoing, "response");
    outgoing.write("sl");
    // Calls are begun in the order in which they arrive: the slow one has its credentials.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await gateway.call("/orders")).status).toBe(200);
    epoch = 1;
    outgoing.end("ow");
    const [incoming] = await answered;
    expect([incoming.statusCode, await readAll(incoming)]).toEqual([200, "ok"]);
    expect(seen()).toEqual([
      [200, "Bearer t1", ""],
      [200, "Bearer t1", ""],
      [200, "Bearer t2", "slow"],
    ]);
    delete gateway.ports.tokenEpoch;
  });

  it("to a body that is too large to be kept is answered at once, with 502, and the next call finds the new token", async () => {
    await deploy();
    await gateway.call("/orders");
    revoked.add("Bearer t1");
    const reply = await gateway.call("/orders", { method: "POST", body: "x".repeat(REPLAYED_BYTES_MAX + 1) });
    expectRefused(reply);
    expect(reply.headers["retry-after"]).toBe("1");
    expect(gateway.ports.records.at(-1)?.reason).toContain("over 64 KB");
    expect(backend.calls.filter((call) => call.method === "POST")).toHaveLength(1);
    expect((await gateway.call("/orders", { method: "POST", body: "x".repeat(REPLAYED_BYTES_MAX + 1) })).status).toBe(200);
    expect(issued).toBe(2);
  });

  it("for ever has a call sent twice and never more, and callers told nothing about their own token", async () => {
    await deploy();
    backend.judge = () => 401;
    expectRefused(await gateway.call("/orders"));
    expect(seen().map(([, authorization]) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
    for (let round = 0; round < 5; round += 1) expectRefused(await gateway.call("/orders", { headers: ["authorization", "Bearer mine"] }));
    // The authorization server is not asked for a token with every call.
    expect(issued).toBeLessThan(5);
    expect(backend.calls.length).toBeLessThanOrEqual(12);
  });

  it("is not handed on when the new token cannot be had: the reason is", async () => {
    await deploy();
    await gateway.call("/orders");
    revoked.add("Bearer t1");
    tokens.answer = (_, outgoing) => void outgoing.writeHead(503).end("down at idp.internal");
    const reply = await gateway.call("/orders");
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([503, "BACKEND_AUTHORIZATION_UNAVAILABLE"]);
    expect(reply.body).not.toContain("internal");
    expect(backend.calls).toHaveLength(2);
  });

  it("is the only answer that is followed by another try: 403 is the backend's own and goes to the caller", async () => {
    await deploy();
    backend.judge = () => 403;
    const reply = await gateway.call("/orders");
    expect([reply.status, reply.body]).toEqual([403, REFUSAL]);
    expect([backend.calls.length, issued]).toEqual([1, 1]);
  });

  it("to Basic credentials is final", async () => {
    await deploy({ type: "basic", username: "svc" });
    backend.judge = () => 401;
    expectRefused(await gateway.call("/orders"));
    expect(backend.calls).toHaveLength(1);
  });

  it("is passed on where an endpoint has no security: there it is the caller's own", async () => {
    await deploy({ type: "none" });
    backend.judge = () => 401;
    const reply = await gateway.call("/orders");
    expect([reply.status, reply.headers["www-authenticate"]]).toEqual([401, backend.challenge]);
  });

  it("with a Digest challenge is answered once, with the body, and calls after it answer in advance", async () => {
    backend.challenge = 'Digest realm="r", nonce="n1", qop="auth", algorithm=MD5';
    const judged: { uri: string | undefined; nc: string | undefined }[] = [];
    let target = "";
    backend.judge = (authorization) => {
      const sent = parseParameters((authorization ?? "").replace(/^Digest /, ""));
      const at = (name: string) => sent.get(name) ?? "";
      const a1 = md5(`svc:r:${SECRETS["endpoints/production/password"]}`);
      const proof = md5(`${a1}:n1:${at("nc")}:${at("cnonce")}:auth:${md5(`POST:${target}`)}`);
      judged.push({ uri: sent.get("uri"), nc: sent.get("nc") });
      return at("response") === proof ? 200 : 401;
    };
    await deploy({ type: "digest", username: "svc" }, `${backend.origin}/v2`);
    for (const path of ["/a?x=1,2", "/b"]) {
      target = `/v2${path}`;
      const reply = await gateway.call(`/orders${path}`, { method: "POST", body: "mine" });
      expect([reply.status, reply.headers["authentication-info"]]).toEqual([200, undefined]);
    }
    expect(judged).toEqual([
      { uri: undefined, nc: undefined },
      { uri: "/v2/a?x=1,2", nc: "00000001" },
      { uri: "/v2/b", nc: "00000002" },
    ]);
    expect(backend.calls.map((call) => call.body)).toEqual(["mine", "mine", "mine"]);
    backend.judge = () => 401;
    expectRefused(await gateway.call("/orders", { method: "POST", body: "mine" }));
  });
});

it("WebSocket upgrades carry the credentials, and are sent once more after a 401", async () => {
  const gateway = await startGateway("node-http");
  const tokens = await startTokenServer();
  const seen: (string | undefined)[] = [];
  const backend = await startServer((_, outgoing) => outgoing.end());
  backend.server.on("upgrade", (incoming, socket) => {
    seen.push(incoming.headers.authorization);
    if (incoming.headers.authorization === "Bearer token-1") socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 7\r\n\r\nrefused");
    else socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
    socket
      .on("error", () => undefined)
      .on("end", () => socket.destroy())
      .resume();
  });
  const security = { type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway" };
  await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin, security } } }, SECRETS)]);
  const caller = connect(gateway.server.port, "127.0.0.1");
  let text = "";
  caller.on("data", (chunk) => {
    text += chunk.toString();
  });
  caller.write(
    "GET /orders/ws HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer mine\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  await expect.poll(() => text).toContain("hello");
  expect(text).toMatch(/^HTTP\/1\.1 101 /);
  expect(seen).toEqual(["Bearer token-1", "Bearer token-2"]);
  caller.destroy();
  await Promise.all([gateway.close(), backend.close(), tokens.close()]);
});
