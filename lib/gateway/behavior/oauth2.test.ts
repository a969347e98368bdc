import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PROOF_ALGORITHMS } from "../dpop/algorithms";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";

const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const bearer = (token: string) => ["authorization", `Bearer ${token}`];

describe.each(ADAPTERS)("a protected API behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let sandbox: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;

  const deploy = (step: Record<string, unknown> = {}, config: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
    gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [
            {
              name: "as",
              type: "oauth2-introspection",
              config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw", ...config },
            },
          ],
          flows: [{ request: [{ policy: "oauth2", config: { resource: "as", ...step } }] }],
          ...more,
        },
        { "resources/as/clientSecret": "secret" },
      ),
    ]);

  beforeAll(async () => {
    [backend, sandbox, as, gateway] = await Promise.all([startBackend(), startBackend(), startIntrospection(), startGateway(adapter)]);
  });
  afterAll(async () => {
    await Promise.all([backend.close(), sandbox.close(), as.close(), gateway.close()]);
  });
  beforeEach(async () => {
    as.answers.set("good", { active: true, client_id: "shop", sub: "alice", scope: "orders:read orders:write", exp: soon(3600) });
    // Nothing deployed: what the test before learned about tokens is forgotten.
    await gateway.gateway.replace([]);
    expect(await deploy()).toEqual([]);
  });
  afterEach(() => {
    backend.calls.length = 0;
    sandbox.calls.length = 0;
    as.questions.length = 0;
    as.answers.clear();
    as.override = null;
    as.hold = null;
    gateway.ports.records.length = 0;
  });

  it("answers 401 with a challenge without an error code when there is no token, and never calls the backend", async () => {
    const reply = await gateway.call("/orders");
    expect(reply.status).toBe(401);
    expect(reply.headers["www-authenticate"]).toBe(
      `Bearer realm="/orders", resource_metadata="http://gateway.test/.well-known/oauth-protected-resource/gateway/orders", DPoP algs="${PROOF_ALGORITHMS.join(" ")}"`,
    );
    expect(JSON.parse(reply.body)).toEqual({
      message: "No OAuth authorization header was supplied",
      http_status_code: 401,
      error: "OAUTH2_MISSING_HEADER",
    });
    expect(reply.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(backend.calls).toHaveLength(0);
    expect(as.questions).toHaveLength(0);
  });

  it("answers in plain text when the caller takes no JSON", async () => {
    const reply = await gateway.call("/orders", { headers: ["accept", "text/plain"] });
    expect(reply.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(reply.body).toBe("No OAuth authorization header was supplied");
  });

  it.each([
    [["authorization", "Basic Zm9vOmJhcg=="], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "Bearerabc"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "DPoP good"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "DPoP"], 401, "OAUTH2_MISSING_ACCESS_TOKEN", undefined],
    [["authorization", "DPoP good good"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", "DPoPgood"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", ""], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "Basic Bearer good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "Token bearer good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "Bearer-good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["proxy-authorization", "Bearer good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["access_token", "good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["cookie", "access_token=good"], 401, "OAUTH2_MISSING_HEADER", undefined],
    [["authorization", "Bearer"], 401, "OAUTH2_MISSING_ACCESS_TOKEN", undefined],
    [["authorization", "bearer   "], 401, "OAUTH2_MISSING_ACCESS_TOKEN", undefined],
    [["authorization", "Bearer,good"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", "Bearer=good"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", "Bearer good, Bearer good"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", 'Bearer good, realm="x"'], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", "Bearer good\tgood"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", 'Bearer "good"'], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer good;a=b"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer g=ood"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer good\u00e9"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer good%00"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer good good"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", "Bearer\tgood"], 400, "OAUTH2_INVALID_REQUEST", "invalid_request"],
    [["authorization", "Bearer g(o)od"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer unknown"], 401, "OAUTH2_INVALID_ACCESS_TOKEN", "invalid_token"],
    [["authorization", "Bearer good", "authorization", "Bearer good"], 400, "INVALID_REQUEST", undefined],
    [["authorization", "Bearer good", "connection", "authorization"], 401, "OAUTH2_MISSING_HEADER", undefined],
  ])("refuses %j with %i %s", async (headers, status, code, error) => {
    const reply = await gateway.call("/orders", { headers });
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body).error).toBe(code);
    if (error) expect(reply.headers["www-authenticate"]).toContain(`error="${error}"`);
    else expect(reply.headers["www-authenticate"] ?? "").not.toContain("error=");
    expect(backend.calls).toHaveLength(0);
  });

  it("does not take a token from the query", async () => {
    expect((await gateway.call("/orders?access_token=good")).status).toBe(401);
  });

  it("lets a good token pass whatever the case of the scheme, tells the backend who calls, and keeps the token", async () => {
    const reply = await gateway.call("/orders/1?x=1", {
      headers: [
        "AUTHORIZATION",
        "bEARER good",
        "x-gatewright-subject",
        "mallory",
        "X_Gatewright_Client_Id",
        "evil",
        "x-gatewright-roles",
        "admin",
      ],
    });
    expect(reply.status).toBe(200);
    expect(backend.calls).toHaveLength(1);
    const seen = backend.calls[0];
    expect(seen?.url).toBe("/1?x=1");
    expect(seen?.headers.authorization).toBeUndefined();
    const identity = Object.entries(seen?.headers ?? {}).filter(
      ([name]) => /gatewright/.test(name) && !/-(?:peer|target|page)$/.test(name),
    );
    expect(Object.fromEntries(identity)).toEqual({
      "x-gatewright-client-id": "shop",
      "x-gatewright-subject": "alice",
      "x-gatewright-scopes": "orders:read orders:write",
    });
  });

  it("passes the token on only when the step says so", async () => {
    await deploy({ forwardToken: true });
    await gateway.call("/orders", { headers: bearer("good") });
    expect(backend.calls[0]?.headers.authorization).toBe("Bearer good");
  });

  it("asks by POST with the token in the form and form-encoded Basic credentials", async () => {
    await deploy({}, { clientId: "a b:c" });
    await gateway.call("/orders", { headers: bearer("a+b/c=") });
    const question = as.questions[0];
    expect(question?.method).toBe("POST");
    expect(question?.body).toBe("token=a%2Bb%2Fc%3D");
    expect(Buffer.from(String(question?.headers.authorization).slice(6), "base64").toString()).toBe("a+b%3Ac:secret");
  });

  it.each([
    [
      { method: "GET", tokenLocation: "query" },
      { method: "GET", url: "/introspect?token=good", body: "" },
    ],
    [
      { tokenLocation: "header", tokenName: "X-Token" },
      { method: "POST", url: "/introspect", body: "" },
    ],
    [
      { method: "GET", tokenLocation: "header", tokenName: "X-Token" },
      { method: "GET", url: "/introspect", body: "" },
    ],
    [
      { method: "POST", tokenLocation: "query", tokenName: "token" },
      { method: "POST", url: "/introspect?token=good", body: "" },
    ],
    [
      { clientAuthentication: "header", clientAuthenticationHeader: "X-Client", clientAuthenticationScheme: "Key" },
      { method: "POST", url: "/introspect", body: "token=good", headers: { "x-client": "Key Z3c6c2VjcmV0" } },
    ],
    [{ clientAuthentication: "body" }, { method: "POST", url: "/introspect", body: "client_id=gw&client_secret=secret&token=good" }],
  ])("supplies token and credentials as configured: %j", async (config, expected) => {
    await deploy({}, config);
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
    expect(as.questions[0]).toMatchObject(expected);
  });

  it("asks an endpoint that has a query of its own there, and adds the token to it", async () => {
    const introspectionEndpoint = `${as.origin}/introspect?tenant=a%20b`;
    await deploy({}, { introspectionEndpoint, method: "GET", tokenLocation: "query" });
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
    expect(as.questions[0]).toMatchObject({ method: "GET", url: "/introspect?tenant=a%20b&token=good" });
  });

  it("passes a token of 8 KB on to be checked, and refuses one of 64 KB without asking anybody", async () => {
    const long = "x".repeat(8192);
    as.answers.set(long, { active: true });
    expect((await gateway.call("/orders", { headers: bearer(long) })).status).toBe(200);
    const reply = await gateway.call("/orders", { headers: bearer("x".repeat(65_536)) });
    expect([401, 431]).toContain(reply.status);
    expect(as.questions.map(({ token }) => token)).toEqual([long]);
    expect(backend.calls).toHaveLength(1);
  });

  it("refuses a token that the server says is of another issuer than the one that was named, and names that one to callers", async () => {
    as.answers.set("ours", { active: true, iss: "https://idp.test" });
    as.answers.set("theirs", { active: true, iss: "https://other.test" });
    await deploy({}, { issuer: "https://idp.test" });
    expect((await gateway.call("/orders", { headers: bearer("ours") })).status).toBe(200);
    expect((await gateway.call("/orders", { headers: bearer("theirs") })).status).toBe(401);
    // An answer need not say it (RFC 7662, section 2.2).
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
    expect(await gateway.gateway.protectedResource("/orders")).toMatchObject({ authorization_servers: ["https://idp.test"] });
  });

  it("says in the log, and only there, that the server does not accept the gateway's own client", async () => {
    as.override = { status: 401, body: "{}" };
    const reply = await gateway.call("/orders", { headers: bearer("good") });
    expect(reply.status).toBe(503);
    expect(reply.body).not.toContain("client");
    expect(gateway.ports.records.at(-1)?.reason).toContain("does not accept the client id and secret");
  });

  it("asks again for a token that could not be checked, as soon as the next call brings it", async () => {
    as.override = { status: 500, body: "" };
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(503);
    as.override = null;
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
    expect(as.questions).toHaveLength(2);
  });

  it("answers 403 with the missing scopes, on cached tokens too", async () => {
    await deploy({ requiredScopes: ["orders:read", "orders:admin"] });
    for (let round = 0; round < 2; round += 1) {
      const reply = await gateway.call("/orders", { headers: bearer("good") });
      expect(reply.status).toBe(403);
      expect(JSON.parse(reply.body).error).toBe("OAUTH2_INSUFFICIENT_SCOPE");
      expect(reply.headers["www-authenticate"]).toContain('error="insufficient_scope"');
      expect(reply.headers["www-authenticate"]).toContain('scope="orders:read orders:admin"');
    }
    expect(as.questions).toHaveLength(1);
    await deploy({ requiredScopes: ["orders:read", "orders:admin"], scopeMode: "any" });
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
  });

  it.each([
    ["active as text", { active: "true" }],
    ["active as a number", { active: 1 }],
    ["no active", { client_id: "shop" }],
    ["a list", []],
    ["null", null],
    ["an expiry that has passed", { active: true, exp: soon(-1) }],
    ["an expiry that is no time", { active: true, exp: "tomorrow" }],
    ["a beginning to come", { active: true, nbf: soon(600) }],
    ["a key-bound token", { active: true, cnf: { jkt: "abc" } }],
    ["a DPoP token", { active: true, token_type: "DPoP" }],
    ["a DPoP token by a list of types", { active: true, token_type: ["Bearer", "DPoP "] }],
  ])("does not hold a token for good when the server answers %s", async (_, answer) => {
    as.override = { status: 200, body: JSON.stringify(answer) };
    const reply = await gateway.call("/orders", { headers: bearer("odd") });
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body).error).toBe("OAUTH2_INVALID_ACCESS_TOKEN");
    expect(backend.calls).toHaveLength(0);
  });

  it.each([
    ["HTML", { status: 200, body: "<html>" }, "OAUTH2_INVALID_SERVER_RESPONSE"],
    ["too much", { status: 200, body: JSON.stringify({ active: true, filler: "x".repeat(300_000) }) }, "OAUTH2_INVALID_SERVER_RESPONSE"],
    ["401", { status: 401, body: "{}" }, "OAUTH2_SERVER_UNAVAILABLE"],
    ["500", { status: 500, body: '{"active":true}' }, "OAUTH2_SERVER_UNAVAILABLE"],
    ["a redirect", { status: 302, body: "", headers: { location: "http://127.0.0.1:9/introspect" } }, "OAUTH2_SERVER_UNAVAILABLE"],
  ])("answers 503 when the server answers %s", async (_, override, code) => {
    as.override = override;
    const reply = await gateway.call("/orders", { headers: bearer("good") });
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body).error).toBe(code);
    expect(reply.body).not.toContain("127.0.0.1");
    expect(backend.calls).toHaveLength(0);
  });

  it("answers 503 for a fresh token and 200 for a cached one while the server is away, and names it only in the log", async () => {
    const away = await startIntrospection();
    away.answers.set("good", { active: true });
    await deploy({}, { introspectionEndpoint: `${away.origin}/introspect` });
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
    await away.close();
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
    const reply = await gateway.call("/orders", { headers: bearer("fresh") });
    expect(reply.status).toBe(503);
    expect(reply.body).not.toContain("127.0.0.1");
    expect(gateway.ports.records.at(-1)?.reason).toContain("127.0.0.1");
    expect(gateway.ports.records.at(-1)).toMatchObject({
      requestId: reply.headers["x-request-id"],
      code: "OAUTH2_SERVER_UNAVAILABLE",
      answeredBy: "oauth2",
      status: 503,
    });
    expect(JSON.stringify(gateway.ports.records)).not.toContain("fresh");
  });

  it("answers 503 when the server takes longer than the timeout", async () => {
    let release: () => void = () => undefined;
    as.hold = new Promise((resolve) => {
      release = resolve;
    });
    await deploy({}, { timeoutMs: 100 });
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(503);
    release();
  });

  it("asks once for a token that it knows, until the time is over", async () => {
    await deploy({}, { cacheTtlSeconds: 60 });
    await gateway.call("/orders", { headers: bearer("good") });
    await gateway.call("/orders", { headers: bearer("good") });
    expect(as.questions).toHaveLength(1);
    gateway.ports.advance(61_000);
    await gateway.call("/orders", { headers: bearer("good") });
    expect(as.questions).toHaveLength(2);
    gateway.ports.advance(-61_000);
  });

  it("never serves a cached answer past the token's expiry", async () => {
    as.answers.set("short", { active: true, exp: soon(10) });
    expect((await gateway.call("/orders", { headers: bearer("short") })).status).toBe(200);
    gateway.ports.advance(11_000);
    expect((await gateway.call("/orders", { headers: bearer("short") })).status).toBe(401);
    gateway.ports.advance(-11_000);
  });

  it("asks on every call when nothing may be kept", async () => {
    await deploy({}, { cacheTtlSeconds: 0 });
    await gateway.call("/orders", { headers: bearer("good") });
    await gateway.call("/orders", { headers: bearer("good") });
    expect(as.questions).toHaveLength(2);
  });

  it("shares one question among callers, and the one that leaves does not take it away from the others", async () => {
    let release: () => void = () => undefined;
    as.hold = new Promise((resolve) => {
      release = resolve;
    });
    await deploy({}, { cacheTtlSeconds: 30 });
    const replies = [1, 2, 3].map(() => gateway.call("/orders", { headers: bearer("good") }));
    const gone = new AbortController();
    const left = fetch(`${gateway.server.origin}${gateway.mount}/orders`, {
      headers: { authorization: "Bearer good" },
      signal: gone.signal,
    }).catch((error: Error) => error.name);
    await expect.poll(() => as.questions.length).toBe(1);
    gone.abort();
    expect(await left).toBe("AbortError");
    release();
    expect((await Promise.all(replies)).map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(as.questions).toHaveLength(1);
  });

  it("keeps what it knows about tokens over a redeployment only while server, configuration and secret stay", async () => {
    await gateway.call("/orders", { headers: bearer("good") });
    await deploy({ requiredScopes: ["orders:read"] });
    await gateway.call("/orders", { headers: bearer("good") });
    expect(as.questions).toHaveLength(1);
    await deploy({}, { clientId: "other" });
    await gateway.call("/orders", { headers: bearer("good") });
    expect(as.questions).toHaveLength(2);
  });

  it("takes scopes from scp and splits them at the separator as it stands", async () => {
    as.answers.set("piped", { active: true, scope: "a|b.c" });
    as.answers.set("listed", { active: true, scp: ["a", "b.c"] });
    await deploy({ requiredScopes: ["a", "b.c"] }, { scopeSeparator: "|" });
    expect((await gateway.call("/orders", { headers: bearer("piped") })).status).toBe(200);
    expect((await gateway.call("/orders", { headers: bearer("listed") })).status).toBe(200);
  });

  it("wants one of the audiences when some are given", async () => {
    as.answers.set("ours", { active: true, aud: ["x", "orders"] });
    as.answers.set("theirs", { active: true, aud: "x" });
    await deploy({}, { audiences: ["orders", "shop"] });
    expect((await gateway.call("/orders", { headers: bearer("ours") })).status).toBe(200);
    expect((await gateway.call("/orders", { headers: bearer("theirs") })).status).toBe(401);
  });

  it("sends sandbox tokens to the sandbox endpoint, and says which one is missing", async () => {
    as.answers.set("trial", { active: true, environment: "sandbox" });
    await deploy({}, {}, { endpoints: { production: { url: backend.origin }, sandbox: { url: sandbox.origin } } });
    await gateway.call("/orders", { headers: bearer("trial") });
    expect([backend.calls.length, sandbox.calls.length]).toEqual([0, 1]);
    await deploy();
    const reply = await gateway.call("/orders", { headers: bearer("trial") });
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body)).toMatchObject({ error: "ENVIRONMENT_NOT_AVAILABLE", message: "This API has no sandbox endpoint" });
  });

  it("describes the API as a protected resource from configuration alone", async () => {
    await deploy({ requiredScopes: ["orders:read"] });
    expect(await gateway.gateway.protectedResource("/orders")).toEqual({
      resource: "http://gateway.test/gateway/orders",
      scopes_supported: ["orders:read"],
      bearer_methods_supported: ["header"],
      dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
    });
    expect(await gateway.gateway.protectedResource("/orders/1")).toBeNull();
  });
});
