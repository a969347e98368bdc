import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/platform/database";
import { ensureDefaultServer, findBuiltinServer } from "./servers";
import { addApplication, addScopes, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

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

  test.each(cases)("%s is refused in the words of RFC 6749", async (_what, request, status, error) => {
    const answer = await request();
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status, error });
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
  });

  test("tells an unknown client nothing that a wrong secret would not tell", async () => {
    const unknown = await post("grant_type=client_credentials", { authorization: basic("nobody", "secret") });
    const wrong = await post("grant_type=client_credentials", { authorization: basic(application.clientId, "wrong") });
    expect(unknown.body).toEqual(wrong.body);
  });

  test("is answered as JSON to a caller who prefers HTML", async () => {
    const answer = await post("grant_type=magic", { authorization: good(), accept: "text/html" });
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  });
});

describe("the answers", () => {
  test("of the token endpoint are not stored and not for pages", async () => {
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

  test("of all three metadata addresses are the same, public and name only what there is", async () => {
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

  test("to a preflight open the public documents only", async () => {
    const preflight = (path: string) =>
      call(path, { method: "OPTIONS", headers: { origin: "https://page.example", "access-control-request-method": "GET" } });
    expect((await preflight("/oauth2/default/v1/keys")).headers.get("access-control-allow-origin")).toBe("*");
    expect((await preflight("/oauth2/default/v1/token")).headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("without the database", () => {
  test("keys and metadata go on, a gateway finds the server, and token requests get 503", async () => {
    await findBuiltinServer("default");
    await database().$executeRaw`ALTER TABLE "AuthorizationServer" RENAME TO "Away"`;
    await database().$executeRaw`ALTER TABLE "Application" RENAME TO "AwayToo"`;
    // Ten seconds later nothing in memory is fresh any more.
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
});
