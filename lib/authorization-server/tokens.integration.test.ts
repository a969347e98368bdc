import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { newClientSecret } from "./applications";
import { invalidateApplication } from "./clients";
import { issueToken, TokenDenied } from "./issue-token";
import { invalidateServer } from "./server-records";
import { createServer, ensureDefaultServer, findBuiltinServer, issuerOf, ServerTaken } from "./servers";
import { addApplication, addScopes, addSecret, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
let orders: TestApplication;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await Promise.all([ensureDefaultServer(database(), issuer.box), ensureDefaultServer(database(), issuer.box)]);
  await ensureDefaultServer(database(), issuer.box);
  await addScopes("default", ["orders:read", "orders:write", "admin"]);
  orders = await addApplication({ scopes: ["orders:read", "orders:write"] });
}, 120_000);

afterAll(() => issuer?.stop());

const discover = (
  application: TestApplication,
  authentication: client.ClientAuth,
  algorithm: "oidc" | "oauth2" = "oauth2",
  serverId = "default",
) =>
  client.discovery(new URL(issuerOf(serverId)), application.clientId, undefined, authentication, {
    algorithm,
    execute: [client.allowInsecureRequests],
  });

const grant = async (application: TestApplication, scope?: string, serverId = "default") =>
  client.clientCredentialsGrant(
    await discover(application, client.ClientSecretBasic(application.clientSecret), "oauth2", serverId),
    scope === undefined ? {} : { scope },
  );

const introspect = async (token: string, caller = orders, serverId = "default") =>
  client.tokenIntrospection(await discover(caller, client.ClientSecretPost(caller.clientSecret), "oauth2", serverId), token);

const activeKid = async (serverId: string) => (await database().signingKey.findFirst({ where: { serverId, state: "active" } }))?.kid;

const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) =>
      error instanceof client.ResponseBodyError
        ? { status: error.status, error: error.error, description: error.error_description }
        : error,
  );

describe("the default server", () => {
  test("is created once with its keys and first policy by concurrent processes", async () => {
    expect(await database().authorizationServer.findMany()).toMatchObject([{ id: "default", audience: "api://default", enabled: true }]);
    expect((await database().signingKey.findMany({ orderBy: { state: "asc" } })).map((key) => key.state)).toEqual(["active", "next"]);
    expect(await database().accessPolicy.findMany({ include: { rules: true } })).toMatchObject([
      {
        name: "All applications",
        enabled: true,
        applications: [],
        rules: [{ name: "Any scope", scopes: [], grantTypes: [], lifetimeMinutes: 60 }],
      },
    ]);
  });

  test("stores private keys encrypted and publishes public keys only", async () => {
    const [key] = await database().signingKey.findMany();
    expect(key?.privateCiphertext).not.toContain('"d"');
    expect(JSON.parse(issuer.box.open(key?.privateCiphertext ?? "", "default"))).toHaveProperty("d");
    const document = await (await fetch(`${issuerOf("default")}/v1/keys`)).json();
    expect(document.keys).toHaveLength(2);
    expect(Object.keys(document.keys[0]).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
    expect((await findBuiltinServer("default"))?.keys).toEqual(document.keys);
  });

  test("rejects an ID in use", async () => {
    await expect(
      createServer(database(), issuer.box, { id: "default", name: "Other", audience: "api://other", description: "" }),
    ).rejects.toBeInstanceOf(ServerTaken);
  });
});

describe("a certified client", () => {
  test.each(["oidc", "oauth2"] as const)("discovers the server by its %s metadata", async (algorithm) => {
    const metadata = (await discover(orders, client.ClientSecretBasic(orders.clientSecret), algorithm)).serverMetadata();
    expect(metadata.issuer).toBe(issuerOf("default"));
    expect(metadata).not.toHaveProperty("authorization_endpoint");
    expect(metadata).not.toHaveProperty("response_types_supported");
  });

  test("gets an RFC 9068 token that verifies against the published keys", async () => {
    const answer = await grant(orders, "orders:read orders:write");
    expect(answer).toMatchObject({ token_type: "bearer", expires_in: 3600, scope: "orders:read orders:write" });
    const { payload } = await jwtVerify(answer.access_token, createRemoteJWKSet(new URL(`${issuerOf("default")}/v1/keys`)), {
      issuer: issuerOf("default"),
      audience: "api://default",
      typ: "at+jwt",
      algorithms: ["RS256"],
    });
    expect(payload).toMatchObject({
      sub: orders.clientId,
      client_id: orders.clientId,
      scope: "orders:read orders:write",
      environment: "production",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(Object.keys(payload).sort()).toEqual(["aud", "client_id", "environment", "exp", "iat", "iss", "jti", "scope", "sub"]);
    expect(decodeProtectedHeader(answer.access_token)).toEqual({ alg: "RS256", typ: "at+jwt", kid: await activeKid("default") });
  });

  test("of another vendor validates the token as an RFC 9068 access token", async () => {
    const as = await oauth.processDiscoveryResponse(
      new URL(issuerOf("default")),
      await oauth.discoveryRequest(new URL(issuerOf("default")), { algorithm: "oauth2", [oauth.allowInsecureRequests]: true }),
    );
    const application = { client_id: orders.clientId };
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      application,
      oauth.ClientSecretPost(orders.clientSecret),
      {},
      { [oauth.allowInsecureRequests]: true },
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
    const { access_token } = await oauth.processClientCredentialsResponse(as, application, response);
    const call = new Request("http://api.example/", { headers: { authorization: `Bearer ${access_token}` } });
    const claims = await oauth.validateJwtAccessToken(as, call, "api://default", { [oauth.allowInsecureRequests]: true });
    expect(claims.client_id).toBe(orders.clientId);
    expect(claims).not.toHaveProperty("scope");
  });

  test("gets the reserved claim of a sandbox application", async () => {
    const sandbox = await addApplication({ environment: "sandbox" });
    expect(await introspect((await grant(sandbox)).access_token)).toMatchObject({ active: true, environment: "sandbox" });
  });

  test("authenticates with either of two secrets, and their use is recorded", async () => {
    const application = await addApplication();
    const second = newClientSecret();
    await addSecret(application.id, second);
    await grant(application);
    await grant({ ...application, clientSecret: second });
    await expect
      .poll(() => database().applicationSecret.count({ where: { applicationId: application.id, lastUsedAt: { not: null } } }), {
        timeout: 10_000,
      })
      .toBe(2);
  });
});

describe("scopes", () => {
  test.each([
    ["an unknown scope", "orders:read nope", "nope"],
    ["a scope outside the application", "admin orders:read", "admin"],
    ["several", "nope admin", "nope, admin"],
    ["openid", "openid", "openid"],
  ])("with %s are denied, never narrowed", async (_what, scope, denied) => {
    expect(await refused(grant(orders, scope))).toEqual({
      status: 400,
      error: "invalid_scope",
      description: `These scopes aren't allowed: ${denied}.`,
    });
  });

  test("are any of the server when the application lists none", async () => {
    expect((await grant(await addApplication(), "admin")).scope).toBe("admin");
  });
});

describe("introspection", () => {
  test("returns the claims of an active token", async () => {
    const { access_token } = await grant(orders, "orders:read");
    const answer = await introspect(access_token);
    expect(answer).toMatchObject({
      active: true,
      scope: "orders:read",
      client_id: orders.clientId,
      sub: orders.clientId,
      aud: "api://default",
      iss: issuerOf("default"),
      token_type: "Bearer",
      environment: "production",
    });
    expect(answer).toHaveProperty("jti");
  });

  test("returns only `active: false` for everything else", async () => {
    const { access_token } = await grant(orders);
    const [header = "", payload = "", signature = ""] = access_token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, "base64url").toString()), scope: "admin" })).toString(
      "base64url",
    );
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url");
    for (const bad of [
      "x",
      "\u0000",
      "a.b.c",
      `${header}.${forged}.${signature}`,
      `${unsigned}.${payload}.`,
      `${header}.${payload}.`,
      access_token.slice(0, -3),
    ]) {
      expect(await introspect(bad)).toEqual({ active: false });
    }
  });

  test("rejects tokens and applications of another server", async () => {
    await createServer(database(), issuer.box, { id: "partners", name: "Partners", audience: "partners", description: "" });
    const partner = await addApplication({ serverId: "partners" });
    const { access_token } = await grant(partner, undefined, "partners");
    expect(await introspect(access_token, partner, "partners")).toMatchObject({ active: true, aud: "partners" });
    expect(await introspect(access_token)).toEqual({ active: false });
    expect(await refused(grant(partner))).toMatchObject({ status: 401 });
    expect(await refused(introspect(access_token, orders, "partners"))).toMatchObject({ status: 401 });
  });

  test("returns inactive for tokens of an inactive application or server, which get no new ones", async () => {
    await createServer(database(), issuer.box, { id: "closing", name: "Closing", audience: "api://closing", description: "" });
    const application = await addApplication({ serverId: "closing" });
    const caller = await addApplication({ serverId: "closing" });
    const { access_token } = await grant(application, undefined, "closing");
    await database().application.update({ where: { id: application.id }, data: { enabled: false } });
    invalidateApplication(application.clientId);
    expect(await introspect(access_token, caller, "closing")).toEqual({ active: false });
    expect(await refused(grant(application, undefined, "closing"))).toMatchObject({ status: 401 });
    await expect(issueToken({ clientId: application.clientId, scopes: [] })).rejects.toBeInstanceOf(TokenDenied);
    const other = await grant(caller, undefined, "closing");
    await database().authorizationServer.update({ where: { id: "closing" }, data: { enabled: false } });
    invalidateServer("closing");
    expect(await introspect(other.access_token, caller, "closing")).toEqual({ active: false });
    expect(await refused(grant(caller, undefined, "closing"))).toMatchObject({ status: 400, error: "unauthorized_client" });
    expect(await findBuiltinServer("closing")).toMatchObject({ enabled: false });
  });
});

describe("a token issued without the secret", () => {
  test("follows the rules of the token endpoint and has the requested lifetime", async () => {
    const token = await issueToken({ clientId: orders.clientId, scopes: ["orders:read", "orders:read"], ttlSeconds: 300 });
    expect(token).toMatchObject({ tokenType: "Bearer", expiresIn: 300, scope: "orders:read" });
    const answer = await introspect(token.accessToken);
    expect(answer).toMatchObject({ active: true, scope: "orders:read", client_id: orders.clientId, environment: "production" });
    expect((answer.exp ?? 0) - (answer.iat ?? 0)).toBe(300);
    await expect(issueToken({ clientId: orders.clientId, scopes: ["admin"] })).rejects.toMatchObject({
      error: "invalid_scope",
      description: "These scopes aren't allowed: admin.",
    });
    expect(await issueToken({ clientId: orders.clientId, scopes: [], ttlSeconds: 99_999 })).toMatchObject({ expiresIn: 3600, scope: null });
  });
});

describe("a gateway's lookup", () => {
  test("returns null for an unknown server and sees changes", async () => {
    expect(await findBuiltinServer("nope")).toBeNull();
    expect(await findBuiltinServer("no such\u0000")).toBeNull();
    await createServer(database(), issuer.box, { id: "nope", name: "Now there", audience: "api://nope", description: "" });
    expect(await findBuiltinServer("nope")).toMatchObject({
      id: "nope",
      issuer: `${issuer.url}/oauth2/nope`,
      audience: "api://nope",
      enabled: true,
      keys: [{ kty: "RSA" }, { kty: "RSA" }],
    });
    await database().authorizationServer.update({ where: { id: "nope" }, data: { audience: "api://changed" } });
    await expect.poll(async () => (await findBuiltinServer("nope"))?.audience, { timeout: 10_000 }).toBe("api://changed");
  });
});
