import { generateKeyPairSync } from "node:crypto";
import { createRemoteJWKSet, exportJWK, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { createServer, ensureDefaultServer, issuerOf } from "./servers";
import { addApplication, addScopes, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await createServer(database(), issuer.box, { id: "opaque", name: "Opaque", audience: "orders", description: "", tokenFormat: "opaque" });
  await addScopes("default", ["orders:read"]);
  await addScopes("opaque", ["orders:read"]);
}, 120_000);

afterAll(() => issuer?.stop());

const insecure = { [oauth.allowInsecureRequests]: true };

interface Party {
  application: TestApplication;
  openidClient: client.ClientAuth;
  oauth4webapi: oauth.ClientAuth;
}

const KEYS = ["RSA", "EC", "Ed25519"] as const;
const subtle = {
  RSA: { name: "RSA-PSS", hash: "SHA-256" },
  EC: { name: "ECDSA", namedCurve: "P-256" },
  Ed25519: { name: "Ed25519" },
} as const;

function keyPair(kind: (typeof KEYS)[number]) {
  if (kind === "RSA") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return kind === "EC" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
}

async function withKey(serverId: string, kind: (typeof KEYS)[number]): Promise<Party> {
  const { publicKey, privateKey } = keyPair(kind);
  const jwk = await exportJWK(publicKey);
  const application = await addApplication({
    serverId,
    authentication: "private_key_jwt",
    jwks: { keys: [JSON.parse(JSON.stringify({ ...jwk, kid: "one" }))] },
  });
  const key = await crypto.subtle.importKey(
    "pkcs8",
    new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" })),
    subtle[kind],
    false,
    ["sign"],
  );
  return { application, openidClient: client.PrivateKeyJwt({ key, kid: "one" }), oauth4webapi: oauth.PrivateKeyJwt({ key, kid: "one" }) };
}

async function withSecret(serverId: string, authentication: string, way: "Basic" | "Post"): Promise<Party> {
  const application = await addApplication({ serverId, authentication });
  const { clientSecret } = application;
  return way === "Basic"
    ? { application, openidClient: client.ClientSecretBasic(clientSecret), oauth4webapi: oauth.ClientSecretBasic(clientSecret) }
    : { application, openidClient: client.ClientSecretPost(clientSecret), oauth4webapi: oauth.ClientSecretPost(clientSecret) };
}

const METHODS: [string, (serverId: string) => Promise<Party>][] = [
  ["client_secret by Basic", (serverId) => withSecret(serverId, "client_secret", "Basic")],
  ["client_secret in the body", (serverId) => withSecret(serverId, "client_secret", "Post")],
  ["client_secret_basic", (serverId) => withSecret(serverId, "client_secret_basic", "Basic")],
  ["client_secret_post", (serverId) => withSecret(serverId, "client_secret_post", "Post")],
  ["private_key_jwt with RSA", (serverId) => withKey(serverId, "RSA")],
  ["private_key_jwt with EC", (serverId) => withKey(serverId, "EC")],
  ["private_key_jwt with Ed25519", (serverId) => withKey(serverId, "Ed25519")],
];
const SERVERS = ["default", "opaque"] as const;
const CASES = METHODS.flatMap(([name, party]) => SERVERS.map((serverId) => [name, serverId, party] as const));

const verified = async (token: string, serverId: string) =>
  (await jwtVerify(token, createRemoteJWKSet(new URL(`${issuerOf(serverId)}/v1/keys`)), { issuer: issuerOf(serverId), typ: "at+jwt" }))
    .payload;

const discover = async (serverId: string, { application, openidClient }: Party) =>
  client.discovery(new URL(issuerOf(serverId)), application.clientId, undefined, openidClient, {
    algorithm: "oauth2",
    execute: [client.allowInsecureRequests],
  });

describe("openid-client", () => {
  test.each(CASES)("with %s at %s gets, introspects and revokes a token", async (_name, serverId, party) => {
    const one = await party(serverId);
    const config = await discover(serverId, one);
    const { access_token, token_type, scope } = await client.clientCredentialsGrant(config, { scope: "orders:read" });
    expect({ token_type, scope }).toEqual({ token_type: "bearer", scope: "orders:read" });
    if (serverId === "default") expect(await verified(access_token, serverId)).toMatchObject({ client_id: one.application.clientId });
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({
      active: true,
      client_id: one.application.clientId,
      sub: one.application.clientId,
      iss: issuerOf(serverId),
      aud: serverId === "default" ? "api://default" : "orders",
      scope: "orders:read",
      token_type: "Bearer",
      environment: "production",
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    await client.tokenRevocation(config, access_token);
    expect(await client.tokenIntrospection(config, access_token)).toEqual({ active: false });
    await client.tokenRevocation(config, access_token);
  });

  test.each(SERVERS)("gets a DPoP-bound token of %s after the nonce challenge", async (serverId) => {
    const one = await withSecret(serverId, "client_secret", "Basic");
    const config = await discover(serverId, one);
    const key = await client.randomDPoPKeyPair("ES256");
    const DPoP = client.getDPoPHandle(config, key);
    const { access_token, token_type } = await client.clientCredentialsGrant(config, {}, { DPoP });
    expect(token_type).toBe("dpop");
    const cnf = { jkt: await DPoP.calculateThumbprint() };
    if (serverId === "default") expect(await verified(access_token, serverId)).toMatchObject({ cnf });
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({ active: true, token_type: "DPoP", cnf });
  });
});

describe("oauth4webapi", () => {
  const authorizationServer = async (serverId: string) => {
    const url = new URL(issuerOf(serverId));
    return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: "oauth2", ...insecure }));
  };

  test.each(CASES)("with %s at %s gets, introspects and revokes a token", async (_name, serverId, party) => {
    const { application, oauth4webapi: authentication } = await party(serverId);
    const as = await authorizationServer(serverId);
    const me = { client_id: application.clientId };
    const granted = await oauth.clientCredentialsGrantRequest(as, me, authentication, { scope: "orders:read" }, insecure);
    const { access_token } = await oauth.processClientCredentialsResponse(as, me, granted);
    const introspect = async () =>
      oauth.processIntrospectionResponse(as, me, await oauth.introspectionRequest(as, me, authentication, access_token, insecure));
    expect(await introspect()).toMatchObject({ active: true, client_id: application.clientId });
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, me, authentication, access_token, insecure));
    expect(await introspect()).toEqual({ active: false });
  });

  test("gets a DPoP-bound token after the nonce challenge", async () => {
    const { application, oauth4webapi: authentication } = await withKey("default", "EC");
    const as = await authorizationServer("default");
    const me = { client_id: application.clientId };
    const DPoP = oauth.DPoP({}, await oauth.generateKeyPair("ES256"));
    const ask = async () =>
      oauth.processClientCredentialsResponse(
        as,
        me,
        await oauth.clientCredentialsGrantRequest(as, me, authentication, {}, { DPoP, ...insecure }),
      );
    const first = await ask().catch((error: unknown) => error);
    expect(oauth.isDPoPNonceError(first)).toBe(true);
    expect((await ask()).token_type).toBe("dpop");
  });
});
