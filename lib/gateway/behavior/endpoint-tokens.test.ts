import { createServer as createTls } from "node:https";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { json, startTokenServer, type TokenServer } from "../endpoint-security/testing/token-server";
import { testAuthority } from "../resources/testing/certificates";
import { deployed } from "../testing/fixtures";
import { type GuardedBackend, startGuardedBackend } from "../testing/guarded-backend";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { listenOnFreePort, startServer } from "../testing/servers";

const SECRET = "s3c:r+e%t &=ü";
const PARAMETER = "p4r4m+%&=";
const SECRETS = { "endpoints/production/clientSecret": SECRET, "endpoints/production/parameters/key": PARAMETER };

/** Every spelling under which a secret could stand in a text. */
const SPELLINGS = [SECRET, PARAMETER].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams([["", secret]]).toString().slice(1),
  Buffer.from(secret).toString("base64"),
  JSON.stringify(secret).slice(1, -1),
]);

describe.each(ADAPTERS)("without a token behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: GuardedBackend;
  let tokens: TokenServer;
  let give: TokenServer["answer"];

  beforeAll(async () => {
    [gateway, backend, tokens] = await Promise.all([startGateway(adapter), startGuardedBackend(), startTokenServer()]);
    give = tokens.answer;
  });
  afterAll(() => Promise.all([gateway.close(), backend.close(), tokens.close()]));
  beforeEach(async () => {
    await gateway.gateway.replace([]);
    for (const list of [backend.calls, tokens.seen, gateway.ports.records]) list.length = 0;
    tokens.answer = give;
  });
  afterEach(() => {
    const log = JSON.stringify(gateway.ports.records);
    for (const spelling of SPELLINGS) expect(log).not.toContain(spelling);
    expect(log).not.toMatch(/token-\d/);
  });

  const security = (more: object = {}) => ({
    type: "oauth2",
    tokenUrl: tokens.tokenUrl,
    clientId: "gateway",
    parameters: [{ name: "key", secret: true }],
    ...more,
  });
  const secured = (more: object = {}, endpoint: object = {}) =>
    deployed({ endpoints: { production: { url: backend.origin, security: security(more), ...endpoint } } }, SECRETS);
  const open = () => deployed({ contextPath: "/open", endpoints: { production: { url: backend.origin } } }, {}, "api_2");
  const deploy = async (...apis: Parameters<RunningGateway["gateway"]["replace"]>[0]) =>
    expect(await gateway.gateway.replace(apis)).toEqual([]);
  const record = () => gateway.ports.records.at(-1);
  const waiting = () => gateway.gateway.endpointTokens()[0]?.waiting;

  const echo = `${SECRET} ${PARAMETER}`;
  const failures: [string, TokenServer["answer"], number, string, string | undefined][] = [
    ["refuses the client", (_, out) => json(out, { error: "invalid_client", error_description: echo }, 401), 502, "REFUSED", undefined],
    ["refuses the grant", (_, out) => json(out, { error: "invalid_grant" }, 400), 502, "REFUSED", undefined],
    [
      "answers HTML",
      (_, out) => void out.writeHead(200, { "content-type": "text/html" }).end(`<p>${echo}`),
      502,
      "INVALID_RESPONSE",
      undefined,
    ],
    ["redirects", (_, out) => void out.writeHead(302, { location: "/oauth2/other" }).end(), 502, "INVALID_RESPONSE", undefined],
    ["gives no access_token", (_, out) => json(out, { token_type: "Bearer" }), 502, "INVALID_RESPONSE", undefined],
    ["answers 10 MB", (_, out) => void out.end(Buffer.alloc(10_000_000, 32)), 502, "INVALID_RESPONSE", undefined],
    ["has too much to do", (_, out) => json(out, {}, 429, { "retry-after": "7" }), 503, "RATE_LIMITED", "7"],
    ["fails", (_, out) => json(out, { detail: echo }, 500), 503, "UNAVAILABLE", "1"],
  ];
  it.each(failures)(
    "because its server %s, the backend is not called and a code of its own is answered",
    async (_, answer, status, code, retryAfter) => {
      await deploy(secured());
      tokens.answer = answer;
      const reply = await gateway.call("/orders");
      expect(JSON.parse(reply.body)).toMatchObject({ http_status_code: status, error: `BACKEND_AUTHORIZATION_${code}` });
      expect([reply.status, reply.headers["retry-after"]]).toEqual([status, retryAfter]);
      expect(reply.body + reply.rawHeaders.join()).not.toMatch(new RegExp(`127\\.0\\.0\\.1:${tokens.port}|${PARAMETER.slice(0, 4)}`));
      expect(record()).toMatchObject({ status, code: `BACKEND_AUTHORIZATION_${code}`, answeredBy: "endpoint-security" });
      expect(record()?.reason).toContain(`${tokens.origin}/oauth2/token`);
      expect(record()?.backendMs).toBeUndefined();
      expect(backend.calls).toEqual([]);
    },
  );

  it("because its server cannot be reached, is no server of TLS that can be trusted or does not answer, that is told apart", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const { cert, key } = testAuthority("Nobody").issue(["127.0.0.1"]);
    const untrusted = await listenOnFreePort(createTls({ cert, key }));
    tokens.answer = () => undefined;
    for (const [more, status, code] of [
      [{ tokenUrl: `${gone.origin}/token` }, 502, "UNREACHABLE"],
      [{ tokenUrl: `https://127.0.0.1:${untrusted.port}/token` }, 502, "TLS"],
      [{ timeoutMs: 100 }, 504, "TIMEOUT"],
    ] as const) {
      await deploy(secured(more));
      const reply = await gateway.call("/orders");
      expect([reply.status, JSON.parse(reply.body).error]).toEqual([status, `BACKEND_AUTHORIZATION_${code}`]);
      expect(record()?.code).toBe(`BACKEND_AUTHORIZATION_${code}`);
    }
    expect(backend.calls).toEqual([]);
    await untrusted.close();
  });

  it("500 calls wait for one request, and other APIs are served meanwhile", async () => {
    await deploy(secured(), open());
    let answer = () => undefined as unknown;
    tokens.answer = (...all) => {
      answer = () => give(...all);
    };
    let done = 0;
    const calls = Array.from({ length: 500 }, async () => {
      const { status } = await gateway.call("/orders");
      done += 1;
      return status;
    });
    await expect.poll(waiting, { timeout: 20_000 }).toBe(500);
    const others = await Promise.all(Array.from({ length: 50 }, () => gateway.call("/open")));
    expect(others.every((reply) => reply.status === 200)).toBe(true);
    expect([done, tokens.seen.length, backend.calls.length]).toEqual([0, 1, 50]);
    answer();
    expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
    expect(tokens.seen).toHaveLength(1);
    expect(gateway.ports.records.filter((one) => one.apiId === "api_1").every((one) => (one.credentialsMs ?? 0) > 0)).toBe(true);
  });

  it("no more calls wait than the endpoint may have; the others are told to come back", async () => {
    await deploy(secured({}, { maxConnections: 3 }));
    let answer = () => undefined as unknown;
    tokens.answer = (...all) => {
      answer = () => give(...all);
    };
    const calls = Array.from({ length: 10 }, () => gateway.call("/orders"));
    await expect.poll(() => gateway.ports.records.length).toBe(4);
    await expect.poll(waiting).toBe(6);
    answer();
    const replies = await Promise.all(calls);
    const refused = replies.filter((reply) => reply.status === 503);
    expect(refused.map((reply) => [JSON.parse(reply.body).error, reply.headers["retry-after"]])).toEqual(
      Array(4).fill(["BACKEND_AUTHORIZATION_OVERLOADED", "1"]),
    );
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(6);
  });

  it("a caller that leaves waits no longer, and the token is there for the next", async () => {
    await deploy(secured());
    let answer = () => undefined as unknown;
    tokens.answer = (...all) => {
      answer = () => give(...all);
    };
    const socket = connect(gateway.server.port, "127.0.0.1", () => socket.write(`GET ${gateway.mount}/orders HTTP/1.1\r\nhost: g\r\n\r\n`));
    await expect.poll(waiting).toBe(1);
    socket.destroy();
    await expect.poll(waiting).toBe(0);
    await expect.poll(() => record()?.code).toBe("CALLER_GONE");
    answer();
    expect((await gateway.call("/orders")).status).toBe(200);
    expect([tokens.seen.length, backend.calls.length]).toEqual([1, 1]);
  });

  it("the time for the whole call is over when it was spent on waiting for the token", async () => {
    await deploy(secured({}, { totalTimeoutMs: 150, timeoutMs: 60_000 }));
    tokens.answer = () => undefined;
    const reply = await gateway.call("/orders", { method: "POST", body: "x" });
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([504, "BACKEND_AUTHORIZATION_TIMEOUT"]);
    expect(backend.calls).toEqual([]);
  });

  it("the time for the whole call goes on with the backend, and ends it", async () => {
    const silent = await startServer(() => undefined);
    await deploy(secured({}, { totalTimeoutMs: 2000, timeoutMs: 60_000, url: silent.origin }));
    const reply = await gateway.call("/orders", { method: "POST", body: "x" });
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([504, "BACKEND_TIMEOUT"]);
    await silent.close();
  });

  it("calls that wait when their API goes are told so, and the gateway closes", async () => {
    await deploy(secured());
    tokens.answer = () => undefined;
    const call = gateway.call("/orders");
    await expect.poll(waiting).toBe(1);
    // What is under way ends on the old set; only then its endpoint goes.
    await gateway.gateway.replace([]);
    expect(waiting()).toBe(1);
    await gateway.gateway.dropEndpointTokens("api_1", "production");
    await expect.poll(() => tokens.seen.length).toBe(2);
    tokens.server.closeAllConnections();
    expect((await call).status).toBe(502);
    await expect.poll(() => gateway.gateway.endpointTokens()).toEqual([]);
  });

  it("the server is left alone for a while, also when many call, and used again by itself", async () => {
    await deploy(secured());
    tokens.answer = (_, out) => json(out, { error: "temporarily_unavailable" }, 503);
    for (let round = 0; round < 20; round += 1) expect((await gateway.call("/orders")).status).toBe(503);
    expect(tokens.seen.length).toBeLessThan(3);
    tokens.answer = give;
    gateway.ports.advance(3_600_000);
    expect((await gateway.call("/orders")).status).toBe(200);
  });
});
