import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { PEER_HEADER } from "@/lib/client-address/private-headers";
import { database } from "@/lib/platform/database";
import { newClientSecret } from "./applications";
import { handleAuthorizationServerRequest } from "./http";
import { ensureDefaultServer, findBuiltinServer } from "./servers";
import { addApplication, addScopes, addSecret, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
let application: TestApplication;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await addScopes("default", ["orders:read"]);
  application = await addApplication();
}, 120_000);

afterAll(() => issuer?.stop());

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
const good = () => basic(application.clientId, application.clientSecret);

async function call(path: string, init: RequestInit = {}) {
  const response = await fetch(`${issuer.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

const post = (body: string, headers: Record<string, string> = {}, path = "/oauth2/default/v1/token") =>
  call(path, { method: "POST", headers: { ...FORM, ...headers }, body });

describe("bad input to the token endpoint", () => {
  const cases: [string, () => ReturnType<typeof post>, number, string][] = [
    ["no credentials", () => post("grant_type=client_credentials"), 401, "invalid_client"],
    ["a client id without a secret", () => post(`grant_type=client_credentials&client_id=${application.clientId}`), 401, "invalid_client"],
    [
      "an empty secret",
      () => post(`grant_type=client_credentials&client_id=${application.clientId}&client_secret=`),
      401,
      "invalid_client",
    ],
    ["an unknown client", () => post("grant_type=client_credentials", { authorization: basic("nobody", "secret") }), 401, "invalid_client"],
    ["a NUL as the client", () => post("grant_type=client_credentials&client_id=%00&client_secret=x"), 401, "invalid_client"],
    [
      "a wrong secret",
      () => post("grant_type=client_credentials", { authorization: basic(application.clientId, "wrong") }),
      401,
      "invalid_client",
    ],
    [
      "Basic without a colon",
      () => post("grant_type=client_credentials", { authorization: `Basic ${Buffer.from("abc").toString("base64")}` }),
      401,
      "invalid_client",
    ],
    ["Basic that is no base64", () => post("grant_type=client_credentials", { authorization: "Basic ***" }), 401, "invalid_client"],
    [
      "Basic with broken form encoding",
      () => post("grant_type=client_credentials", { authorization: basic("%zz", "x") }),
      401,
      "invalid_client",
    ],
    [
      "a bearer token as the credential",
      () => post("grant_type=client_credentials", { authorization: "Bearer abc" }),
      401,
      "invalid_client",
    ],
    [
      "two ways of authenticating",
      () => post(`grant_type=client_credentials&client_secret=${application.clientSecret}`, { authorization: good() }),
      400,
      "invalid_request",
    ],
    [
      "another client id in the body",
      () => post("grant_type=client_credentials&client_id=other", { authorization: good() }),
      400,
      "invalid_request",
    ],
    ["no grant type", () => post("scope=orders:read", { authorization: good() }), 400, "invalid_request"],
    ["an unknown grant type", () => post("grant_type=magic", { authorization: good() }), 400, "unsupported_grant_type"],
    [
      "the password grant",
      () => post("grant_type=password&username=a&password=b", { authorization: good() }),
      400,
      "unsupported_grant_type",
    ],
    [
      "the authorization code grant",
      () => post("grant_type=authorization_code&code=x", { authorization: good() }),
      400,
      "unsupported_grant_type",
    ],
    [
      "a repeated parameter",
      () => post("grant_type=client_credentials&scope=a&scope=b", { authorization: good() }),
      400,
      "invalid_request",
    ],
    [
      "a repeated unknown parameter",
      () => post("grant_type=client_credentials&x=a&x=b", { authorization: good() }),
      400,
      "invalid_request",
    ],
    [
      "a scope with forbidden characters",
      () => post("grant_type=client_credentials&scope=%22%5C", { authorization: good() }),
      400,
      "invalid_scope",
    ],
    ["an unknown scope", () => post("grant_type=client_credentials&scope=nope", { authorization: good() }), 400, "invalid_scope"],
    [
      "a foreign resource",
      () => post("grant_type=client_credentials&resource=https%3A%2F%2Fother.example", { authorization: good() }),
      400,
      "invalid_target",
    ],
    [
      "two resources",
      () => post("grant_type=client_credentials&resource=api%3A%2F%2Fdefault&resource=api%3A%2F%2Fdefault2", { authorization: good() }),
      400,
      "invalid_target",
    ],
    [
      "JSON",
      () => post('{"grant_type":"client_credentials"}', { "content-type": "application/json", authorization: good() }),
      400,
      "invalid_request",
    ],
    [
      "no content type",
      () => call("/oauth2/default/v1/token", { method: "POST", headers: { authorization: good() } }),
      400,
      "invalid_request",
    ],
    [
      "invalid UTF-8",
      () =>
        call("/oauth2/default/v1/token", {
          method: "POST",
          headers: { ...FORM, authorization: good() },
          body: new Uint8Array([0xff, 0xfe]),
        }),
      400,
      "invalid_request",
    ],
    [
      "an unknown charset",
      () => post("scope=x", { "content-type": "application/x-www-form-urlencoded; charset=klingon", authorization: good() }),
      400,
      "invalid_request",
    ],
    [
      "a body of 100 kB",
      () => post(`grant_type=client_credentials&x=${"a".repeat(100_000)}`, { authorization: good() }),
      413,
      "invalid_request",
    ],
    [
      "credentials in the URL",
      () =>
        post(
          "grant_type=client_credentials",
          {},
          `/oauth2/default/v1/token?client_id=${application.clientId}&client_secret=${application.clientSecret}`,
        ),
      400,
      "invalid_request",
    ],
    [
      "parameters in the URL",
      () => post("", { authorization: good() }, "/oauth2/default/v1/token?grant_type=client_credentials"),
      400,
      "invalid_request",
    ],
    ["GET", () => call("/oauth2/default/v1/token"), 405, "invalid_request"],
    [
      "an assertion in the URL",
      () => post("grant_type=client_credentials", {}, "/oauth2/default/v1/token?client_assertion=x&client_assertion_type=y"),
      400,
      "invalid_request",
    ],
    [
      "a scope in the URL of Gravitee's path",
      () => post("grant_type=client_credentials", { authorization: good() }, "/am/default/oauth/token?scope=orders:read"),
      400,
      "invalid_request",
    ],
    [
      "a secret without a client",
      () => post(`grant_type=client_credentials&client_secret=${application.clientSecret}`),
      401,
      "invalid_client",
    ],
    [
      "a repeated secret",
      () => post(`grant_type=client_credentials&client_id=${application.clientId}&client_secret=a&client_secret=b`),
      400,
      "invalid_request",
    ],
    [
      "a grant type that the application may not use",
      async () => {
        const idle = await addApplication({ grantTypes: [] });
        return post("grant_type=client_credentials", { authorization: basic(idle.clientId, idle.clientSecret) });
      },
      400,
      "unauthorized_client",
    ],
    [
      "an unknown server",
      () => post("grant_type=client_credentials", { authorization: good() }, "/oauth2/nope/v1/token"),
      404,
      "not_found",
    ],
    ["an unknown endpoint", () => call("/oauth2/default/v1/authorize"), 404, "not_found"],
    ["oidc-provider's own authorization path", () => call("/oauth2/default/auth"), 404, "not_found"],
    ["introspection without credentials", () => post("token=x", {}, "/oauth2/default/v1/introspect"), 401, "invalid_client"],
    ["introspection without a token", () => post("", { authorization: good() }, "/oauth2/default/v1/introspect"), 400, "invalid_request"],
    [
      "introspection of a JWT with a wrong secret",
      () =>
        post("token=eyJhbGciOiJSUzI1NiJ9.e30.x", { authorization: basic(application.clientId, "wrong") }, "/oauth2/default/v1/introspect"),
      401,
      "invalid_client",
    ],
  ];

  test.each(cases)("%s is rejected with an RFC 6749 error", async (_what, request, status, error) => {
    const answer = await request();
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status, error });
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
  });

  test("gives an unknown client the same response as a wrong secret", async () => {
    const unknown = await post("grant_type=client_credentials", { authorization: basic("nobody", "secret") });
    const wrong = await post("grant_type=client_credentials", { authorization: basic(application.clientId, "wrong") });
    expect(unknown.body).toEqual(wrong.body);
  });

  test("returns JSON to a client that prefers HTML", async () => {
    const answer = await post("grant_type=magic", { authorization: good(), accept: "text/html" });
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  });
});

describe("client authentication", () => {
  const inBody = ({ clientId, clientSecret }: TestApplication) =>
    post(`grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`);
  const byBasic = ({ clientId, clientSecret }: TestApplication) =>
    post("grant_type=client_credentials", { authorization: basic(clientId, clientSecret) });

  test.each([
    ["client_secret", 200, 200],
    ["client_secret_basic", 200, 401],
    ["client_secret_post", 401, 200],
  ])("%s is enforced", async (authentication, basicStatus, bodyStatus) => {
    const one = await addApplication({ authentication });
    expect((await byBasic(one)).status).toBe(basicStatus);
    expect((await inBody(one)).status).toBe(bodyStatus);
  });

  test("fails after the secret expired, while another secret still works", async () => {
    const one = await addApplication();
    const expired = newClientSecret();
    await addSecret(one.id, expired, new Date(Date.now() - 1000));
    expect((await byBasic({ ...one, clientSecret: expired })).status).toBe(401);
    expect((await byBasic(one)).status).toBe(200);
    const secrets = await database().applicationSecret.findMany({ where: { applicationId: one.id, expiresAt: { not: null } } });
    expect(secrets).toMatchObject([{ lastUsedAt: null }]);
  });

  test("fails with the same response for every cause", async () => {
    const one = await addApplication();
    const keyed = await addApplication({ authentication: "private_key_jwt", jwks: { keys: [] } });
    const answers = await Promise.all([
      byBasic({ ...one, clientSecret: "wrong" }),
      byBasic({ ...one, clientId: "unknown" }),
      byBasic(keyed),
      inBody({ ...one, clientSecret: "wrong" }),
      post("grant_type=client_credentials"),
      post("grant_type=client_credentials", { authorization: "Basic ***" }),
      post("grant_type=client_credentials", { authorization: `Bearer ${one.clientSecret}` }),
      post(`token=x&client_id=${one.clientId}&client_secret=wrong`, {}, "/oauth2/default/v1/introspect"),
      post(`token=x&client_id=${one.clientId}&client_secret=wrong`, {}, "/oauth2/default/v1/revoke"),
    ]);
    const [first] = answers;
    for (const answer of answers) {
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 401, body: first.body });
      expect(answer.headers.get("www-authenticate")).toBe(first.headers.get("www-authenticate"));
    }
  });

  test("is throttled after 10 failures, from that address only", async () => {
    const one = await addApplication();
    const wrong = () => byBasic({ ...one, clientSecret: "wrong" });
    for (let time = 0; time < 10; time++) expect((await wrong()).status).toBe(401);
    for (const answer of [await wrong(), await byBasic(one), await inBody(one)]) {
      expect(answer).toMatchObject({ status: 429, body: { error: "temporarily_unavailable" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(890);
    }
    expect((await byBasic(await addApplication())).status).toBe(200);
    const headers = { ...FORM, [PEER_HEADER]: "192.0.2.7", authorization: basic(one.clientId, one.clientSecret) };
    const elsewhere = new Request(`${issuer.url}/oauth2/default/v1/token`, {
      method: "POST",
      headers,
      body: "grant_type=client_credentials",
    });
    expect((await handleAuthorizationServerRequest("default", "/v1/token", elsewhere)).status).toBe(200);
  });

  test("keeps its failures after a request that is rejected before authentication", async () => {
    const one = await addApplication();
    const wrong = () => byBasic({ ...one, clientSecret: "wrong" });
    const unseen = () => post("grant_type=client_credentials&client_id=other", { authorization: basic(one.clientId, "wrong") });
    for (let time = 0; time < 9; time++) expect((await wrong()).status).toBe(401);
    expect((await unseen()).status).toBe(400);
    expect((await wrong()).status).toBe(401);
    expect((await wrong()).status).toBe(429);
    expect((await unseen()).status).toBe(429);
  });
});

test("no client input causes a server error", async () => {
  const one = await addApplication();
  const keyed = await addApplication({ authentication: "private_key_jwt", jwks: { keys: [] } });
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.constantFrom("a.b.c", "e30.e30.e30", "\u0000", "eyJhbGciOiJFUzI1NiJ9.e30."),
  );
  const names = [
    "grant_type",
    "scope",
    "resource",
    "token",
    "token_type_hint",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "x",
  ];
  const form = fc.dictionary(fc.constantFrom(...names), text);
  const credentials = fc.constantFrom<Record<string, string>[]>(
    {},
    { client_id: one.clientId, client_secret: one.clientSecret },
    { client_id: keyed.clientId, client_secret: "x" },
    { client_id: one.clientId, client_secret: "\u0000\ud800" },
  );
  // The test's HTTP client rejects DEL.
  const header = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code === 0x7f ? 0x80 : code)) });
  const paths = fc.constantFrom(
    "/oauth2/default/v1/token",
    "/oauth2/default/v1/introspect",
    "/oauth2/default/v1/revoke",
    "/am/default/oauth/token",
  );
  await fc.assert(
    fc.asyncProperty(paths, form, credentials, header, async (path, parameters, credential, dpop) => {
      const body = new URLSearchParams({ grant_type: "client_credentials", ...parameters, ...credential });
      const answer = await fetch(`${issuer.url}${path}`, { method: "POST", headers: dpop === "" ? {} : { dpop }, body });
      await answer.arrayBuffer();
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

describe("at Gravitee's paths", () => {
  test("the request of Gravitee's guide works unchanged", async () => {
    const answer = await post("grant_type=client_credentials", { authorization: good() }, "/am/default/oauth/token");
    expect(answer).toMatchObject({ status: 200, body: { access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 } });
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });

  test.each(["introspect", "check_token"])("a token is introspected at %s, and revoked", async (path) => {
    const { body } = await post("grant_type=client_credentials", { authorization: good() }, "/am/default/oauth/token");
    const look = () => post(`token=${body.access_token}`, { authorization: good() }, `/am/default/oauth/${path}`);
    expect(await look()).toMatchObject({ status: 200, body: { active: true, iss: `${issuer.url}/oauth2/default` } });
    expect((await post(`token=${body.access_token}`, { authorization: good() }, "/am/default/oauth/revoke")).status).toBe(200);
    expect((await look()).body).toEqual({ active: false });
  });

  test("the metadata has them, the server's own issuer and its keys", async () => {
    const { body } = await call("/am/default/oidc/.well-known/openid-configuration");
    expect(body).toMatchObject({
      issuer: `${issuer.url}/oauth2/default`,
      token_endpoint: `${issuer.url}/am/default/oauth/token`,
      introspection_endpoint: `${issuer.url}/am/default/oauth/introspect`,
      revocation_endpoint: `${issuer.url}/am/default/oauth/revoke`,
      jwks_uri: `${issuer.url}/am/default/oidc/.well-known/jwks.json`,
    });
    expect((await call("/am/default/oidc/.well-known/jwks.json")).body).toEqual((await call("/oauth2/default/v1/keys")).body);
  });

  test.each([
    ["/am/nope/oauth/token", 404],
    ["/am/default/oauth/authorize", 404],
    ["/am/default/v1/token", 404],
  ])("%s doesn't exist", async (path, status) => {
    expect((await post("grant_type=client_credentials", { authorization: good() }, path)).status).toBe(status);
  });
});

test("no metadata lists unsupported user features", async () => {
  for (const path of ["/oauth2/default/.well-known/openid-configuration", "/am/default/oidc/.well-known/openid-configuration"]) {
    const { body } = await call(path);
    for (const member of ["authorization_endpoint", "response_types_supported", "userinfo_endpoint", "registration_endpoint"])
      expect(body).not.toHaveProperty(member);
    expect(body.grant_types_supported).toEqual(["client_credentials"]);
  }
});

describe("responses", () => {
  test("of the token endpoint are no-store and have no CORS headers", async () => {
    const answer = await post("grant_type=client_credentials&scope=&unknown=1&resource=api%3A%2F%2Fdefault", {
      authorization: good().replace("Basic", "basic"),
      origin: "https://page.example",
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(["access_token", "expires_in", "token_type"]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("pragma")).toBe("no-cache");
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    expect(answer.headers.has("x-powered-by")).toBe(false);
  });

  test("of all three metadata URLs are equal, public and list only supported features", async () => {
    const [openid, oauth, inserted] = await Promise.all([
      call("/oauth2/default/.well-known/openid-configuration"),
      call("/oauth2/default/.well-known/oauth-authorization-server"),
      call("/.well-known/oauth-authorization-server/oauth2/default"),
    ]);
    expect(oauth.body).toEqual(openid.body);
    expect(inserted.body).toEqual(openid.body);
    expect(openid.headers.get("access-control-allow-origin")).toBe("*");
    const issued = `${issuer.url}/oauth2/default`;
    const methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    const algorithms = expect.arrayContaining(["RS256", "PS256", "ES256", "EdDSA"]);
    expect(openid.body).toEqual({
      issuer: issued,
      token_endpoint: `${issued}/v1/token`,
      introspection_endpoint: `${issued}/v1/introspect`,
      revocation_endpoint: `${issued}/v1/revoke`,
      jwks_uri: `${issued}/v1/keys`,
      grant_types_supported: ["client_credentials"],
      token_endpoint_auth_methods_supported: methods,
      token_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_signing_alg_values_supported: algorithms,
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: algorithms,
      dpop_signing_alg_values_supported: expect.arrayContaining(["ES256", "EdDSA"]),
      subject_types_supported: ["public"],
    });
  });

  test("to a preflight allow the public documents only", async () => {
    const preflight = (path: string) =>
      call(path, { method: "OPTIONS", headers: { origin: "https://page.example", "access-control-request-method": "GET" } });
    expect((await preflight("/oauth2/default/v1/keys")).headers.get("access-control-allow-origin")).toBe("*");
    expect((await preflight("/oauth2/default/v1/token")).headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("without the database", () => {
  test("keys and metadata are still served, a gateway finds the server, and token requests get 503", async () => {
    await findBuiltinServer("default");
    await database().$executeRaw`ALTER TABLE "AuthorizationServer" RENAME TO "Away"`;
    await database().$executeRaw`ALTER TABLE "Application" RENAME TO "AwayToo"`;
    // 10 seconds later every cache entry is stale.
    const later = performance.now() + 10_000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => later);
    try {
      expect((await call("/oauth2/unknown/v1/keys")).status).toBe(503);
      expect(await call("/oauth2/default/v1/keys")).toMatchObject({ status: 200, body: { keys: [{ kty: "RSA" }, { kty: "RSA" }] } });
      expect(await call("/oauth2/default/.well-known/openid-configuration")).toMatchObject({ status: 200 });
      expect(await findBuiltinServer("default")).toMatchObject({ audience: "api://default" });
      const answer = await post("grant_type=client_credentials", { authorization: good() });
      expect(answer).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
      expect(answer.headers.has("retry-after")).toBe(true);
    } finally {
      clock.mockRestore();
      await database().$executeRaw`ALTER TABLE "Away" RENAME TO "AuthorizationServer"`;
      await database().$executeRaw`ALTER TABLE "AwayToo" RENAME TO "Application"`;
    }
    expect((await post("grant_type=client_credentials", { authorization: good() })).status).toBe(200);
  });

  test("no token is issued by stale rules, even after a request for the keys", async () => {
    await findBuiltinServer("default");
    await database().$executeRaw`ALTER TABLE "AccessPolicy" RENAME TO "Away"`;
    const later = performance.now() + 10_000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => later);
    try {
      expect((await call("/oauth2/default/v1/keys")).status).toBe(200);
      expect((await post("grant_type=client_credentials", { authorization: good() })).status).toBe(503);
    } finally {
      clock.mockRestore();
      await database().$executeRaw`ALTER TABLE "Away" RENAME TO "AccessPolicy"`;
    }
  });
});
