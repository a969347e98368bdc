import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";
import { type KeyServer, type SigningKey, signingKey, startKeyServer } from "./oauth2-jwt/testing";

const ISSUER = "https://idp.test";
/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:9";

/** Each kind of resource, with the origins of a server that introspects and of one that publishes keys. */
const KINDS: Record<string, (origin: string, keysOrigin: string) => { type: string; config: Record<string, unknown> }> = {
  "oauth2-introspection": (origin) => ({
    type: "oauth2-introspection",
    config: { introspectionEndpoint: `${origin}/introspect`, clientId: "gw" },
  }),
  "oauth2-gravitee-am": (origin) => ({
    type: "oauth2-gravitee-am",
    config: { serverUrl: `${origin}/am/`, securityDomain: "shop", clientId: "gw" },
  }),
  "oauth2-gravitee-am V1": (origin) => ({
    type: "oauth2-gravitee-am",
    config: { serverUrl: origin, version: "V1", securityDomain: "shop", clientId: "gw" },
  }),
  "oauth2-jwt": (_, origin) => ({ type: "oauth2-jwt", config: { issuer: ISSUER, jwksUrl: `${origin}/keys` } }),
  "oauth2-builtin": (origin) => ({ type: "oauth2-builtin", config: { server: origin === NOWHERE ? "away" : "default" } }),
};

const cases = ADAPTERS.flatMap((adapter) => Object.keys(KINDS).map((kind) => [adapter, kind] as const));

describe.each(cases)("what a caller sees, behind %s, of an API protected by %s", (adapter, kind) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;
  let keys: KeyServer;
  let key: SigningKey;
  let tokens: Record<"good" | "poor" | "expired" | "foreign", string>;

  const deploy = (origin: string, keysOrigin = origin) => {
    const resource = { name: "as", ...KINDS[kind]?.(origin, keysOrigin) };
    return gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [resource],
          flows: [{ request: [{ policy: "oauth2", config: { resource: "as", requiredScopes: ["orders:read"] } }] }],
        },
        { "resources/as/clientSecret": "secret" },
      ),
    ]);
  };
  const send = (token: string | null, accept = "application/json") =>
    gateway.call("/orders", { headers: ["accept", accept, ...(token === null ? [] : ["authorization", `Bearer ${token}`])] });

  beforeAll(async () => {
    [gateway, backend, as, keys, key] = await Promise.all([
      startGateway(adapter),
      startBackend(),
      startIntrospection(),
      startKeyServer(),
      signingKey("k1"),
    ]);
    keys.answers.set("/keys", { json: { keys: [key.jwk] } });
    const server = { issuer: ISSUER, audience: "orders", keys: [key.jwk] };
    gateway.ports.servers.set("default", { ...server, id: "default", enabled: true });
    gateway.ports.servers.set("away", new Error("The database is away."));
    const now = Math.floor(gateway.ports.now() / 1000);
    const claims = {
      iss: ISSUER,
      aud: "orders",
      sub: "alice",
      client_id: "shop",
      iat: now,
      jti: "1",
      exp: now + 600,
      scope: "orders:read",
    };
    const stranger = await signingKey("k1");
    tokens = {
      good: await key.sign(claims),
      poor: await key.sign({ ...claims, scope: "orders:write" }),
      expired: await key.sign({ ...claims, exp: now - 60 }),
      foreign: await stranger.sign(claims),
    };
    as.answers.set(tokens.good, { active: true, ...claims });
    as.answers.set(tokens.poor, { active: true, ...claims, scope: "orders:write" });
    as.answers.set(tokens.expired, { active: true, ...claims, exp: now - 60 });
  });
  afterAll(() => Promise.all([gateway.close(), backend.close(), as.close(), keys.close()]));
  beforeEach(async () => {
    expect(await deploy(as.origin, keys.origin)).toEqual([]);
    backend.calls.length = 0;
    gateway.ports.records.length = 0;
  });

  /** Sends as each kind of caller, and checks what is the same for every refusal. */
  const expectRefusal = async (token: string | null, status: number, code: string, message: string) => {
    const reply = await send(token);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body)).toEqual({ message, http_status_code: status, error: code });
    expect(reply.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers["cache-control"]).toBe("no-store");
    const plain = await send(token, "text/html");
    expect([plain.status, plain.headers["content-type"], plain.body]).toEqual([status, "text/plain; charset=utf-8", message]);
    expect(backend.calls).toHaveLength(0);
    const record = gateway.ports.records.find(({ requestId }) => requestId === reply.headers["x-request-id"]);
    expect(record).toMatchObject({ status, code, answeredBy: "oauth2", reason: expect.stringMatching(/./) });
    if (token !== null) expect(JSON.stringify(gateway.ports.records)).not.toContain(token);
    return reply;
  };
  const challenge = (parameters = "") =>
    `Bearer realm="/orders", ${parameters}scope="orders:read", resource_metadata="http://gateway.test/.well-known/oauth-protected-resource/gateway/orders"`;

  const DPOP = 'DPoP algs="ES256 ES384 ES512 Ed25519 EdDSA PS256 RS256"';

  it("is 401 and a challenge without an error when there is no token", async () => {
    const reply = await expectRefusal(null, 401, "OAUTH2_MISSING_HEADER", "No OAuth authorization header was supplied");
    expect(reply.headers["www-authenticate"]).toBe(`${challenge()}, ${DPOP}`);
  });

  it("is 401 and invalid_token when the token has expired, was made by somebody else or is no token", async () => {
    for (const token of [tokens.expired, tokens.foreign, "made-up"]) {
      const reply = await expectRefusal(token, 401, "OAUTH2_INVALID_ACCESS_TOKEN", "The access token is not valid");
      expect(reply.headers["www-authenticate"]).toBe(
        `${challenge('error="invalid_token", error_description="The access token is expired, revoked, malformed or not for this API", ')}, ${DPOP}`,
      );
    }
  });

  it("is 403 and insufficient_scope with the scopes when the token lacks one", async () => {
    const reply = await expectRefusal(tokens.poor, 403, "OAUTH2_INSUFFICIENT_SCOPE", "The access token lacks a required scope");
    expect(reply.headers["www-authenticate"]).toBe(
      challenge('error="insufficient_scope", error_description="The access token lacks a required scope", '),
    );
  });

  it("is 503 that names no host when nobody can say whether the token is good, and never a pass", async () => {
    await deploy(NOWHERE);
    const message = "The access token cannot be checked at the moment";
    const reply = await expectRefusal(tokens.good, 503, "OAUTH2_SERVER_UNAVAILABLE", message);
    expect(reply.headers["www-authenticate"]).toBeUndefined();
    expect(reply.rawHeaders.join("\n") + reply.body).not.toContain("127.0.0.1:9");
    // Without a token, there is nothing that would have to be asked.
    expect((await send(null)).status).toBe(401);
  });

  it("is the backend's answer when the token is good, and the backend learns who calls but not the token", async () => {
    for (let round = 0; round < 2; round += 1) expect((await send(tokens.good)).status).toBe(200);
    for (const { headers, rawHeaders } of backend.calls) {
      expect(headers).toMatchObject({
        "x-gatewright-client-id": "shop",
        "x-gatewright-subject": "alice",
        "x-gatewright-scopes": "orders:read",
      });
      expect(rawHeaders.join("\n")).not.toContain(tokens.good);
    }
    expect(backend.calls).toHaveLength(2);
  });
});
