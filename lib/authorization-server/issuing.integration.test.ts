import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { invalidateApplication } from "./clients";
import { issueToken } from "./issue-token";
import { invalidateRevokedTokens, isRevoked, revokeClientTokens } from "./revoked-tokens";
import { invalidateServer } from "./server-records";
import { createServer, ensureDefaultServer, issuerOf } from "./servers";
import { addApplication, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
let serverId: string;
let shop: TestApplication;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
}, 120_000);

afterAll(() => issuer?.stop());

beforeEach(async () => {
  serverId = newId("s").replace("_", "-");
  await createServer(database(), issuer.box, { id: serverId, name: "Orders", audience: "api://orders", description: "" });
  shop = await addApplication({ serverId });
});

const server = async (data: { tokenFormat?: string; oktaClaims?: boolean; enabled?: boolean }) => {
  await database().authorizationServer.update({ where: { id: serverId }, data });
  invalidateServer(serverId);
};
const addScope = (name: string, values: { isDefault?: boolean; published?: boolean } = {}) =>
  database().scope.create({ data: { id: newId("scope"), serverId, name, ...values } });
const addClaim = (name: string, kind: string, value: string | number, scopes: string[] = []) =>
  database().claim.create({ data: { id: newId("claim"), serverId, name, kind, value, scopes } });
const addPolicy = (priority: number, applications: string[], rules: { scopes?: string[]; lifetimeMinutes?: number }[]) =>
  database().accessPolicy.create({
    data: {
      id: newId("policy"),
      serverId,
      name: `Policy ${priority}`,
      priority,
      applications,
      rules: {
        create: rules.map((rule, index) => ({
          id: newId("rule"),
          name: `Rule ${index}`,
          priority: index + 1,
          grantTypes: [],
          scopes: [],
          ...rule,
        })),
      },
    },
  });

async function post(path: string, form: Record<string, string>, { clientId, clientSecret }: TestApplication = shop) {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const response = await fetch(`${issuerOf(serverId)}${path}`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: await response.json() };
}
const ask = (form: Record<string, string> = {}, application?: TestApplication) =>
  post("/v1/token", { grant_type: "client_credentials", ...form }, application);
const ready = () => invalidateServer(serverId);

describe("access policies", () => {
  test("of a new server let its first token be", async () => {
    expect(await ask()).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3600 } });
  });

  test("apply the lifetime of the first matching rule, and never narrow a token", async () => {
    await Promise.all(["read", "write"].map((name) => addScope(name)));
    await addPolicy(0, [shop.id], [{ scopes: ["read"], lifetimeMinutes: 5 }]);
    ready();
    expect((await ask({ scope: "read" })).body).toMatchObject({ expires_in: 300, scope: "read" });
    expect(await ask({ scope: "write read" })).toEqual({
      status: 400,
      body: { error: "invalid_scope", error_description: "These scopes aren't allowed: write." },
    });
    // The rule has none of these scopes, so the next policy decides.
    expect((await ask({ scope: "write" })).body).toMatchObject({ expires_in: 3600, scope: "write" });
    expect((await ask({ scope: "read" }, await addApplication({ serverId }))).body).toMatchObject({ expires_in: 3600 });
  });

  test("without applications deny", async () => {
    await database().accessPolicy.deleteMany({ where: { serverId } });
    ready();
    expect(await ask()).toEqual({
      status: 400,
      body: {
        error: "access_denied",
        error_description: "No access policy rule matches this request.",
      },
    });
    await expect(issueToken({ clientId: shop.clientId, scopes: [] })).rejects.toMatchObject({ error: "access_denied", status: 400 });
  });
});

describe("scopes", () => {
  test("default to the default scopes, which the token lists", async () => {
    await Promise.all([addScope("read", { isDefault: true }), addScope("list", { isDefault: true }), addScope("write")]);
    ready();
    const { body } = await ask();
    expect(body.scope).toBe("list read");
    expect(decodeJwt(body.access_token).scope).toBe("list read");
    const limited = await addApplication({ serverId, scopes: ["read", "write"] });
    expect((await ask({}, limited)).body.scope).toBe("read");
    expect((await ask({ scope: "write" }, limited)).body.scope).toBe("write");
    expect(await issueToken({ clientId: limited.clientId, scopes: [] })).toMatchObject({ scope: "read", expiresIn: 3600 });
  });

  test("are in the metadata when published", async () => {
    const metadata = async () => (await fetch(`${issuerOf(serverId)}/.well-known/oauth-authorization-server`)).json();
    expect(await metadata()).not.toHaveProperty("scopes_supported");
    await Promise.all([addScope("secret"), addScope("read", { published: true })]);
    ready();
    expect((await metadata()).scopes_supported).toEqual(["read"]);
  });
});

describe("claims", () => {
  test("are in both token formats, with Okta's if enabled", async () => {
    await addScope("read");
    await addClaim("tenant", "static", "acme");
    await addClaim("who", "expression", "client.name + ' of ' + server.name + ': ' + scopes[0]", ["read"]);
    await server({ oktaClaims: true });
    const jwt = decodeJwt((await ask({ scope: "read" })).body.access_token);
    const own = {
      tenant: "acme",
      who: "Test of Orders: read",
      environment: "production",
      cid: shop.clientId,
      scp: ["read"],
      scope: "read",
    };
    expect(jwt).toMatchObject(own);
    expect(decodeJwt((await ask()).body.access_token)).not.toHaveProperty("who");
    expect(decodeJwt((await ask()).body.access_token)).not.toHaveProperty("scp");
    await server({ tokenFormat: "opaque" });
    const { access_token: token } = (await ask({ scope: "read" })).body;
    expect(token).toMatch(/^[A-Za-z0-9_-]{40,}$/);
    expect((await post("/v1/introspect", { token })).body).toMatchObject({
      active: true,
      aud: "api://orders",
      iss: issuerOf(serverId),
      ...own,
    });
  });

  test("that fail deny the token; the error names the claim but no values", async () => {
    await addScope("read");
    await addClaim("broken", "expression", "string(1 / size(scopes)) + client.name");
    ready();
    expect(await ask()).toEqual({
      status: 400,
      body: { error: "server_error", error_description: "The claim broken failed. No token was issued." },
    });
    await expect(issueToken({ clientId: shop.clientId, scopes: [] })).rejects.toMatchObject({ error: "server_error" });
    expect((await ask({ scope: "read" })).status).toBe(200);
  });
});

describe("database queries of a token request", () => {
  const TABLES = [
    "AuthorizationServer",
    "SigningKey",
    "Scope",
    "Claim",
    "AccessPolicy",
    "AccessRule",
    "Application",
    "ApplicationSecret",
    "EndedClient",
    "RevokedToken",
  ];
  const rename = async (from: (table: string) => string, to: (table: string) => string) => {
    for (const table of TABLES) await database().$executeRawUnsafe(`ALTER TABLE "${from(table)}" RENAME TO "${to(table)}"`);
  };

  test("are cached for 500 ms", async () => {
    const first = performance.now();
    let elapsedMs = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => first + elapsedMs);
    expect((await ask()).status).toBe(200);
    await rename(
      (table) => table,
      (table) => `Away${table}`,
    );
    try {
      elapsedMs = 450;
      expect((await ask()).status).toBe(200);
      elapsedMs = 550;
      expect(await ask()).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    } finally {
      await rename(
        (table) => `Away${table}`,
        (table) => table,
      );
      clock.mockRestore();
    }
    expect((await ask()).status).toBe(200);
  });
});

describe("the largest token", () => {
  test("fits a gateway's header limit", async () => {
    const scopes = Array.from({ length: 10 }, (_, index) => `${"s".repeat(100)}${index}`);
    for (const name of scopes) await addScope(name, { isDefault: true });
    for (const name of ["first", "second"]) await addClaim(name, "static", "x".repeat(4080));
    await server({ oktaClaims: true });
    const { access_token: token } = (await ask()).body;
    expect(decodeJwt(token).scp).toHaveLength(10);
    expect(token.length).toBeLessThan(16_384);
  });
});

describe("an application", () => {
  test("that was reactivated gets a token that isn't revoked", async () => {
    for (let round = 0; round < 3; round += 1) {
      await revokeClientTokens(database(), { clientId: shop.clientId, serverId }, true);
      await revokeClientTokens(database(), { clientId: shop.clientId, serverId }, false);
      invalidateRevokedTokens(serverId);
      const { jti = "", iat = 0 } = decodeJwt((await ask()).body.access_token);
      expect(iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
      expect(await isRevoked(serverId, { tokenId: jti, clientId: shop.clientId, issuedAt: iat })).toBe(false);
    }
  });

  test("that requires DPoP gets no token without it", async () => {
    const bound = await addApplication({ serverId, dpopBound: true });
    await expect(issueToken({ clientId: bound.clientId, scopes: [] })).rejects.toMatchObject({ error: "unauthorized_client" });
  });

  test("changes immediately in the writing process, and everywhere after 500 ms", async () => {
    expect((await ask()).status).toBe(200);
    await database().application.update({ where: { id: shop.id }, data: { environment: "sandbox" } });
    await expect.poll(async () => decodeJwt((await ask()).body.access_token).environment, { timeout: 10_000 }).toBe("sandbox");
    await database().application.update({ where: { id: shop.id }, data: { enabled: false } });
    invalidateApplication(shop.clientId);
    expect((await ask()).status).toBe(401);
  });
});
