import fc from "fast-check";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unstorableText } from "@/lib/definition/storable";
import { database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/log";
import { hashClientSecret, newClientSecret } from "./applications";
import { invalidateApplication } from "./clients";
import { handleAuthorizationServerRequest } from "./http";
import { DPOP_KEY, previewToken, type TokenPreview } from "./preview";
import { invalidateServer } from "./server-records";
import { ensureDefaultServer, issuerOf } from "./servers";
import { addApplication, addScopes, startTestIssuer, type TestIssuer } from "./test-issuer";

const CONFIGURATIONS = 1000;
const SCOPES = ["read", "write", "admin", "orders:read"];
const EXPRESSIONS = [
  "client.name + '/' + client.environment",
  "scopes",
  "scopes.filter(s, s.startsWith('r'))",
  "{'server': server.id, 'count': size(scopes)}",
  "server.issuer.endsWith(server.id)",
  // Failing expressions: always, without scopes, and in one environment.
  "1 / 0",
  "scopes[0]",
  "client.environment == 'sandbox' ? client.name : string(1 / 0)",
  "b'bytes'",
];
/** Placeholders of a policy's applications, because the IDs don't exist yet. */
const WHO = ["everyone", "this", "another"] as const;

const scope = fc.constantFrom(...SCOPES);
const someScopes = (maxLength: number) => fc.uniqueArray(scope, { maxLength });
const often = fc.constantFrom(true, true, true, true, false);
/** An empty list (no limit) more often than others. */
const unlimitedOr = (limited: fc.Arbitrary<string[]>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: limited });
const rule = fc.record({
  enabled: often,
  grantTypes: fc.constantFrom<string[]>([], [], ["client_credentials"], ["password"]),
  scopes: unlimitedOr(someScopes(3)),
  lifetimeMinutes: fc.integer({ min: 5, max: 1440 }),
});
/** Values that the management API accepts. It rejects the key `__proto__`, for example. */
const storable = fc.jsonValue({ maxDepth: 2 }).filter((value) => unstorableText(value).length === 0);
const claim = fc.oneof(
  fc.record({ kind: fc.constant("static"), value: storable, scopes: someScopes(2) }),
  fc.record({ kind: fc.constant("expression"), value: fc.constantFrom(...EXPRESSIONS), scopes: someScopes(2) }),
);
const configuration = fc.record({
  enabled: fc.constantFrom(...Array.from({ length: 20 }, () => true), false),
  audience: fc.constantFrom("api://orders", "https://orders.example/v1", "orders", "urn:orders"),
  tokenFormat: fc.constantFrom("jwt", "opaque"),
  oktaClaims: fc.boolean(),
  scopes: fc.oneof({ weight: 1, arbitrary: fc.subarray(SCOPES) }, { weight: 2, arbitrary: fc.constant(SCOPES) }),
  defaults: someScopes(2),
  claims: fc.array(claim, { maxLength: 2 }),
  policies: fc.array(
    fc.record({
      enabled: often,
      applications: fc.constantFrom(...WHO, "everyone"),
      rules: fc.array(rule, { maxLength: 3 }),
      priority: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  environment: fc.constantFrom("production", "sandbox"),
  allowed: unlimitedOr(someScopes(3)),
  request: fc.record({
    scopes: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 3, arbitrary: someScopes(2) },
      { weight: 1, arbitrary: fc.constant(["read", "nope"]) },
    ),
    resource: fc.constantFrom(
      ...Array.from({ length: 12 }, () => undefined),
      undefined,
      "",
      "api://orders",
      "https://orders.example/v1",
      "orders",
      "urn:orders#fragment",
      "https://other.example",
    ),
  }),
});
type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

let issuer: TestIssuer;
const secret = newClientSecret();

beforeAll(async () => {
  issuer = await startTestIssuer();
  // Hundreds of the claims below fail and would be logged.
  logger().level = "error";
  await ensureDefaultServer(database(), issuer.box);
}, 120_000);

afterAll(() => issuer?.stop());

const clientIdOf = (index: number) => `client_${index}`;
const serverIdOf = (index: number) => `server-${index}`;

/** Stores every configuration as a server in a few statements. All share one RSA key, encrypted for each. */
async function store(configurations: readonly Configuration[]): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const [publicJwk, privateJwk] = [await exportJWK(publicKey), await exportJWK(privateKey)];
  const db = database();
  const all = configurations.map((each, index) => ({ ...each, index, serverId: serverIdOf(index), applicationId: `app_${index}` }));
  await db.authorizationServer.createMany({
    data: all.map(({ serverId, enabled, audience, tokenFormat, oktaClaims }) => ({
      id: serverId,
      name: serverId,
      enabled,
      audience,
      tokenFormat,
      oktaClaims,
    })),
  });
  await db.signingKey.createMany({
    data: all.map(({ serverId, index }) => {
      const shared = { kid: `kid-${index}`, alg: "RS256", use: "sig" };
      const privateCiphertext = issuer.box.seal(JSON.stringify({ ...privateJwk, ...shared }), serverId);
      return {
        kid: shared.kid,
        serverId,
        algorithm: "RS256",
        publicJwk: JSON.parse(JSON.stringify({ ...publicJwk, ...shared })),
        privateCiphertext,
      };
    }),
  });
  await db.scope.createMany({
    data: all.flatMap(({ serverId, scopes, defaults }) =>
      scopes.map((name) => ({ id: newId("scope"), serverId, name, isDefault: defaults.includes(name) })),
    ),
  });
  await db.claim.createMany({
    data: all.flatMap(({ serverId, claims }) =>
      claims.map(({ kind, value, scopes }, index) => ({
        id: newId("claim"),
        serverId,
        name: `claim${index}`,
        kind,
        // Null is a claim's value here, not its absence.
        value: JSON.parse(JSON.stringify(value ?? "null")),
        scopes: [...scopes],
      })),
    ),
  });
  const policies = all.flatMap(({ serverId, applicationId, policies: each }) =>
    each.map((policy) => ({ ...policy, id: newId("policy"), serverId, applicationId })),
  );
  const ids = (who: (typeof WHO)[number], applicationId: string) => ({ everyone: [], this: [applicationId], another: ["app_other"] })[who];
  await db.accessPolicy.createMany({
    data: policies.map(({ id, serverId, applicationId, enabled, priority, applications }) => ({
      id,
      serverId,
      name: id,
      enabled,
      priority,
      applications: ids(applications, applicationId),
    })),
  });
  await db.accessRule.createMany({
    data: policies.flatMap(({ id, rules }) =>
      rules.map((each, priority) => ({
        ...each,
        id: newId("rule"),
        policyId: id,
        name: `Rule ${priority}`,
        priority,
        scopes: [...each.scopes],
      })),
    ),
  });
  await db.application.createMany({
    data: all.map(({ applicationId, serverId, index, environment, allowed }) => ({
      id: applicationId,
      name: `Application ${index}`,
      environment,
      serverId,
      clientId: clientIdOf(index),
      scopes: [...allowed],
      grantTypes: ["client_credentials"],
      createdBy: "test",
    })),
  });
  await db.applicationSecret.createMany({
    data: all.map(({ applicationId }) => ({ id: newId("csec"), applicationId, sha256: hashClientSecret(secret), hint: secret.slice(-4) })),
  });
}

async function post(serverId: string, path: string, form: Record<string, string>, clientId: string, clientSecret = secret) {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const request = new Request(`${issuerOf(serverId)}${path}`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams(form),
  });
  const response = await handleAuthorizationServerRequest(serverId, path, request);
  return { status: response.status, body: await response.json() };
}

const without = (claims: Record<string, unknown>) => {
  const { jti: _jti, iat: _iat, exp: _exp, active: _active, ...rest } = claims;
  return rest;
};

/** The outcome at the token endpoint, with introspection for an opaque token. */
async function issue(index: number, { tokenFormat, request }: Configuration): Promise<unknown> {
  const [serverId, clientId] = [serverIdOf(index), clientIdOf(index)];
  const form = {
    grant_type: "client_credentials",
    ...(request.scopes.length > 0 ? { scope: request.scopes.join(" ") } : {}),
    ...(request.resource === undefined ? {} : { resource: request.resource }),
  };
  const { status, body } = await post(serverId, "/v1/token", form, clientId);
  if (status !== 200) return { status, error: body.error, description: body.error_description };
  const { access_token: token, token_type: tokenType, expires_in: lifetimeSeconds, scope: granted } = body;
  const answer = { issued: true, tokenType, lifetimeSeconds, scopes: granted === undefined ? [] : granted.split(" ") };
  if (tokenFormat === "jwt") return { ...answer, header: decodeProtectedHeader(token), claims: without(decodeJwt(token)) };
  return { ...answer, header: null, claims: without((await post(serverId, "/v1/introspect", { token }, clientId)).body) };
}

/** The outcome of a preview. */
function shown(preview: TokenPreview): unknown {
  if (!preview.issued) return { status: 400, error: preview.error, description: preview.description };
  const { issued, tokenType, lifetimeSeconds, scopes, header, claims } = preview;
  return { issued, tokenType, lifetimeSeconds, scopes, header, claims: without(claims) };
}

describe("a preview", () => {
  test(`equals the issued token or the denial for ${CONFIGURATIONS} random configurations`, async () => {
    const configurations = fc.sample(configuration, CONFIGURATIONS);
    await store(configurations);
    const outcomes = { issued: 0, denied: new Set<string>() };
    for (const [index, each] of configurations.entries()) {
      const preview = await previewToken({ serverId: serverIdOf(index), clientId: clientIdOf(index), ...each.request });
      const issued = await issue(index, each);
      expect(shown(preview), JSON.stringify(each)).toEqual(issued);
      if (preview.issued) {
        outcomes.issued += 1;
        expect(preview.sources.map((source) => source.claim).sort()).toEqual(Object.keys(preview.claims).sort());
      } else outcomes.denied.add(preview.error);
    }
    // Guards against a property that only sees denials.
    expect(outcomes.issued).toBeGreaterThan(CONFIGURATIONS / 5);
    expect([...outcomes.denied].sort()).toEqual([
      "access_denied",
      "invalid_scope",
      "invalid_target",
      "server_error",
      "unauthorized_client",
    ]);
  }, 300_000);

  test("stores nothing", async () => {
    const { clientId } = await addApplication();
    await database().authorizationServer.update({ where: { id: "default" }, data: { tokenFormat: "opaque" } });
    invalidateServer("default");
    const before = await database().oidcRecord.count();
    expect(await previewToken({ serverId: "default", clientId, scopes: [] })).toMatchObject({ issued: true, format: "opaque" });
    expect(await database().oidcRecord.count()).toBe(before);
    await database().authorizationServer.update({ where: { id: "default" }, data: { tokenFormat: "jwt" } });
    invalidateServer("default");
  });

  test("names the source of each claim", async () => {
    const { clientId } = await addApplication({ environment: "sandbox" });
    await addScopes("default", ["read"]);
    const data = { id: "claim_tenant", serverId: "default", name: "tenant", kind: "static", value: "acme" };
    await database().claim.create({ data });
    await database().authorizationServer.update({ where: { id: "default" }, data: { oktaClaims: true } });
    invalidateServer("default");
    const preview = await previewToken({ serverId: "default", clientId, scopes: ["read", "read"], resource: "api://default" });
    if (!preview.issued) throw new Error(preview.description);
    expect(preview.claims).toMatchObject({
      scope: "read",
      scp: ["read"],
      cid: clientId,
      client_id: clientId,
      tenant: "acme",
      environment: "sandbox",
    });
    const sources = Object.fromEntries(preview.sources.map(({ claim: name, source, id }) => [name, [source, id]]));
    expect(sources).toEqual({
      iss: ["standard", null],
      aud: ["standard", null],
      iat: ["standard", null],
      jti: ["standard", null],
      sub: ["application", null],
      client_id: ["application", null],
      environment: ["application", null],
      scope: ["rule", preview.rule.id],
      exp: ["rule", preview.rule.id],
      cid: ["okta", null],
      scp: ["okta", null],
      tenant: ["claim", "claim_tenant"],
    });
    await database().claim.delete({ where: { id: "claim_tenant" } });
    invalidateServer("default");
  });

  test("shows the key binding of an application that requires DPoP", async () => {
    const { id, clientId } = await addApplication();
    await database().application.update({ where: { id }, data: { dpopBound: true } });
    invalidateApplication(clientId);
    expect(await previewToken({ serverId: "default", clientId, scopes: [] })).toMatchObject({
      issued: true,
      tokenType: "DPoP",
      claims: { cnf: { jkt: DPOP_KEY } },
    });
  });

  test("of an inactive, deleted or other server's application is a denial", async () => {
    const off = await addApplication();
    await database().application.update({ where: { id: off.id }, data: { enabled: false } });
    invalidateApplication(off.clientId);
    for (const [serverId, clientId] of [
      ["default", off.clientId],
      ["default", "client_nobody"],
      ["default", "\u0000"],
      ["default", clientIdOf(0)],
      ["nowhere", off.clientId],
    ])
      expect(await previewToken({ serverId: serverId ?? "", clientId: clientId ?? "", scopes: [] })).toMatchObject({
        issued: false,
        error: "unauthorized_client",
      });
  });
});
