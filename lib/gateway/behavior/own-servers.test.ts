import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BuiltinServer } from "../ports";
import { type SigningKey, signingKey } from "../resources/oauth2-jwt/testing";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

const ISSUER = "http://console.test/oauth2/shop";
const NONE = { revoked: new Set<string>(), clients: new Map<string, { endedAt: number; isOff: boolean }>() };

describe.each(ADAPTERS)("an API behind %s that takes the tokens of one of our own servers", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let keys: Record<"former" | "active" | "next", SigningKey>;
  let server: BuiltinServer;
  let ids = 0;

  beforeAll(async () => {
    [gateway, backend] = await Promise.all([startGateway(adapter), startBackend()]);
    const [former, active, next] = await Promise.all([signingKey("former"), signingKey("active"), signingKey("next")]);
    keys = { former, active, next };
    server = { id: "shop", issuer: ISSUER, audience: "api://shop", enabled: true, keys: [next.jwk, active.jwk, former.jwk] };
    const problems = await gateway.gateway.replace([
      deployed({
        endpoints: { production: { url: backend.origin } },
        resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
        flows: [{ request: [{ policy: "oauth2", config: { resource: "own", requiredScopes: ["read"] } }] }],
      }),
    ]);
    expect(problems).toEqual([]);
  });
  afterAll(() => Promise.all([gateway.close(), backend.close()]));
  beforeEach(() => {
    const { ports } = gateway;
    ports.servers.clear();
    ports.servers.set("shop", server);
    ports.ended.clear();
    ports.opaque = new Map();
    backend.calls.length = 0;
  });

  const seconds = () => Math.floor(gateway.ports.now() / 1000);
  const claimsOf = (more: Record<string, unknown> = {}) => {
    ids += 1;
    const iat = seconds();
    return { iss: ISSUER, aud: "api://shop", sub: "app", client_id: "app", scope: "read", jti: `jti-${ids}`, iat, exp: iat + 600, ...more };
  };
  const issue = (more?: Record<string, unknown>, key = keys.active) => key.sign(claimsOf(more));
  const opaque = (more?: Record<string, unknown>, serverId = "shop") => {
    const token = randomBytes(32).toString("base64url");
    const tokenId = createHash("sha256").update(token).digest("base64url");
    const { iss: _, jti: __, ...claims } = claimsOf(more);
    if (gateway.ports.opaque instanceof Map) gateway.ports.opaque.set(`${serverId} ${tokenId}`, claims);
    return { token, tokenId };
  };
  const send = (token: string) => gateway.call("/orders", { headers: ["authorization", `Bearer ${token}`] });
  const statusOf = async (token: string) => (await send(token)).status;
  const expectRefused = async (token: string) => {
    const calls = backend.calls.length;
    const reply = await send(token);
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([401, "OAUTH2_INVALID_ACCESS_TOKEN"]);
    expect(reply.headers["www-authenticate"]).toContain('error="invalid_token"');
    expect(backend.calls).toHaveLength(calls);
    const record = gateway.ports.records.find(({ requestId }) => requestId === reply.headers["x-request-id"]);
    expect(record?.reason).toEqual(expect.any(String));
    expect(record?.reason).not.toContain(token);
  };

  it("refuses a revoked token, also one that has just passed, and no other", async () => {
    const [token, other] = await Promise.all([issue({ jti: "revoked" }), issue()]);
    expect(await statusOf(token)).toBe(200);
    gateway.ports.ended.set("shop", { ...NONE, revoked: new Set(["revoked"]) });
    await expectRefused(token);
    expect(await statusOf(other)).toBe(200);
  });

  it("refuses a token that it sees for the first time when it is revoked already", async () => {
    gateway.ports.ended.set("shop", { ...NONE, revoked: new Set(["revoked"]) });
    await expectRefused(await issue({ jti: "revoked" }));
  });

  it("does not mind what another server has revoked", async () => {
    gateway.ports.ended.set("other", { revoked: new Set(["same"]), clients: new Map([["app", { endedAt: seconds(), isOff: true }]]) });
    expect(await statusOf(await issue({ jti: "same" }))).toBe(200);
  });

  it("refuses every token of an application that was switched off, and none of another one", async () => {
    const [before, other] = await Promise.all([issue(), issue({ client_id: "other" })]);
    expect(await statusOf(before)).toBe(200);
    gateway.ports.ended.set("shop", { ...NONE, clients: new Map([["app", { endedAt: seconds(), isOff: true }]]) });
    await expectRefused(before);
    // Another process may have issued it from a memory that is half a second old.
    await expectRefused(await issue({ iat: seconds() + 1 }));
    expect(await statusOf(other)).toBe(200);
  });

  it("refuses what an application had before it was switched off for good, and takes what it gets when it is on again", async () => {
    const before = await issue();
    gateway.ports.ended.set("shop", { ...NONE, clients: new Map([["app", { endedAt: seconds(), isOff: false }]]) });
    await expectRefused(before);
    expect(await statusOf(await issue({ iat: seconds() + 1 }))).toBe(200);
    await expectRefused(before);
  });

  it("refuses every token of a disabled server, and takes them again when it is enabled", async () => {
    const [token, { token: reference }] = [await issue(), opaque()];
    expect([await statusOf(token), await statusOf(reference)]).toEqual([200, 200]);
    gateway.ports.servers.set("shop", { ...server, enabled: false });
    await expectRefused(token);
    await expectRefused(reference);
    gateway.ports.servers.set("shop", server);
    expect([await statusOf(token), await statusOf(reference)]).toEqual([200, 200]);
  });

  it("takes an opaque token by the same rules, and tells the backend who calls", async () => {
    const { token } = opaque({ environment: "production" });
    for (let round = 0; round < 2; round += 1) expect(await statusOf(token)).toBe(200);
    expect(backend.calls.at(-1)?.headers).toMatchObject({ "x-gatewright-client-id": "app", "x-gatewright-scopes": "read" });
    expect((await send(opaque({ scope: "write" }).token)).status).toBe(403);
    for (const claims of [{ aud: "api://other" }, { aud: undefined }, { exp: seconds() - 1 }, { cnf: { "x5t#S256": "x" } }])
      await expectRefused(opaque(claims).token);
    await expectRefused(opaque({}, "other").token);
    await expectRefused(randomBytes(32).toString("base64url"));
    await expectRefused("short");
  });

  it("refuses an opaque token that was revoked, or whose application was switched off, at its next call", async () => {
    const [one, two] = [opaque(), opaque()];
    expect([await statusOf(one.token), await statusOf(two.token)]).toEqual([200, 200]);
    gateway.ports.ended.set("shop", { ...NONE, revoked: new Set([one.tokenId]) });
    await expectRefused(one.token);
    expect(await statusOf(two.token)).toBe(200);
    gateway.ports.ended.set("shop", { ...NONE, clients: new Map([["app", { endedAt: seconds(), isOff: true }]]) });
    await expectRefused(two.token);
  });

  it("goes on with opaque tokens that it knows while the database is away, and answers 503 to others", async () => {
    const [known, unknown] = [opaque(), opaque()];
    expect(await statusOf(known.token)).toBe(200);
    const { opaque: stored } = gateway.ports;
    gateway.ports.opaque = new Error("away");
    expect(await statusOf(known.token)).toBe(200);
    const reply = await send(unknown.token);
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([503, "OAUTH2_SERVER_UNAVAILABLE"]);
    gateway.ports.opaque = stored;
    expect(await statusOf(unknown.token)).toBe(200);
  });

  it("takes tokens of the next, the active and the former key, and of none that is there no more", async () => {
    const tokens = await Promise.all([issue({}, keys.next), issue({}, keys.active), issue({}, keys.former)]);
    for (const token of tokens) expect(await statusOf(token)).toBe(200);
    gateway.ports.servers.set("shop", { ...server, keys: [keys.next.jwk, keys.active.jwk] });
    const [next = "", active = "", former = ""] = tokens;
    expect([await statusOf(next), await statusOf(active)]).toEqual([200, 200]);
    await expectRefused(former);
  });
});
