import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { invalidateApplication } from "./clients";
import { isRevoked, revokeClientTokens, revokeToken } from "./revoked-tokens";
import { invalidateServer } from "./server-records";
import { createServer, ensureDefaultServer } from "./servers";
import { addApplication, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await createServer(database(), issuer.box, { id: "opaque", name: "Opaque", audience: "orders", description: "", tokenFormat: "opaque" });
  await createServer(database(), issuer.box, { id: "partners", name: "Partners", audience: "partners", description: "" });
}, 120_000);

afterAll(() => issuer?.stop());

async function post(path: string, { clientId, clientSecret }: TestApplication, parameters: Record<string, string>) {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const response = await fetch(`${issuer.url}${path}`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams(parameters),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? null : JSON.parse(text) };
}

const tokenOf = async (application: TestApplication, serverId: string): Promise<string> =>
  (await post(`/oauth2/${serverId}/v1/token`, application, { grant_type: "client_credentials" })).body.access_token;
const introspect = async (application: TestApplication, serverId: string, token: string) =>
  (await post(`/oauth2/${serverId}/v1/introspect`, application, { token })).body;
const revoke = (application: TestApplication, serverId: string, token: string, more: Record<string, string> = {}) =>
  post(`/oauth2/${serverId}/v1/revoke`, application, { token, ...more });

const INACTIVE = { active: false };

describe.each(["default", "opaque"])("a token of the server %s", (serverId) => {
  test("is revoked by its application, with any hint, and repeatedly without an error", async () => {
    const application = await addApplication({ serverId });
    for (const hint of ["access_token", "refresh_token", "nonsense"]) {
      const token = await tokenOf(application, serverId);
      expect(await introspect(application, serverId, token)).toMatchObject({ active: true });
      expect(await revoke(application, serverId, token, { token_type_hint: hint })).toEqual({ status: 200, text: "", body: null });
      expect(await introspect(application, serverId, token)).toEqual(INACTIVE);
      expect((await revoke(application, serverId, token)).status).toBe(200);
    }
  });

  test("can't be revoked by another application, which gets an error", async () => {
    const owner = await addApplication({ serverId });
    const stranger = await addApplication({ serverId });
    const token = await tokenOf(owner, serverId);
    expect(await revoke(stranger, serverId, token)).toMatchObject({ status: 400, body: { error: "unauthorized_client" } });
    expect(await introspect(stranger, serverId, token)).toMatchObject({ active: true, client_id: owner.clientId });
  });

  test("is revoked with its application, also after a reactivation", async () => {
    const caller = await addApplication({ serverId });
    const owner = await addApplication({ serverId });
    const before = await tokenOf(owner, serverId);
    const set = async (enabled: boolean) => {
      await database().$transaction(async (tx) => {
        await tx.application.update({ where: { id: owner.id }, data: { enabled } });
        await revokeClientTokens(tx, { clientId: owner.clientId, serverId }, !enabled);
      });
      invalidateApplication(owner.clientId);
    };
    await set(false);
    expect(await introspect(caller, serverId, before)).toEqual(INACTIVE);
    await set(true);
    expect(await introspect(caller, serverId, before)).toEqual(INACTIVE);
    const after = await tokenOf(owner, serverId);
    expect(await introspect(caller, serverId, after)).toMatchObject({ active: true });
  });

  test("is inactive at another server", async () => {
    const token = await tokenOf(await addApplication({ serverId }), serverId);
    const partner = await addApplication({ serverId: "partners" });
    expect(await introspect(partner, "partners", token)).toEqual(INACTIVE);
    expect((await revoke(partner, "partners", token)).status).toBe(200);
  });

  test("is inactive while its server is inactive", async () => {
    const application = await addApplication({ serverId });
    const token = await tokenOf(application, serverId);
    const set = async (enabled: boolean) => {
      await database().authorizationServer.update({ where: { id: serverId }, data: { enabled } });
      invalidateServer(serverId);
    };
    await set(false);
    expect(await introspect(application, serverId, token)).toEqual(INACTIVE);
    await set(true);
    expect(await introspect(application, serverId, token)).toMatchObject({ active: true });
  });
});

describe("revocation", () => {
  test.each(["x", "a.b.c", "\u0000", "é"])("of an invalid token (%j) succeeds", async (token) => {
    expect(await revoke(await addApplication(), "default", token)).toMatchObject({ status: 200, text: "" });
  });

  test("without a token or without credentials is rejected", async () => {
    const application = await addApplication();
    expect(await post("/oauth2/default/v1/revoke", application, {})).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(
      (await fetch(`${issuer.url}/oauth2/default/v1/revoke`, { method: "POST", body: new URLSearchParams({ token: "x" }) })).status,
    ).toBe(401);
    expect((await fetch(`${issuer.url}/oauth2/default/v1/revoke?token=x`)).status).toBe(405);
  });

  test("is stored by token ID only, until the token expires", async () => {
    const application = await addApplication();
    const token = await tokenOf(application, "default");
    const { jti = "", exp = 0 } = decodeJwt(token);
    await revoke(application, "default", token);
    expect(await database().revokedToken.findMany({ where: { tokenId: jti } })).toEqual([
      { serverId: "default", tokenId: jti, expiresAt: new Date(exp * 1000) },
    ]);
    const opaque = await addApplication({ serverId: "opaque" });
    const second = await tokenOf(opaque, "opaque");
    await revoke(opaque, "opaque", second);
    const tokenId = createHash("sha256").update(second).digest("base64url");
    expect(await database().revokedToken.count({ where: { serverId: "opaque", tokenId } })).toBe(1);
    expect(await database().oidcRecord.count({ where: { id: tokenId } })).toBe(0);
  });
});

describe("a revoked token", () => {
  const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

  test("is found by its ID and by its client, on its own server only", async () => {
    await revokeToken("one", "jti", new Date(Date.now() + 60_000));
    await revokeClientTokens(database(), { clientId: "ended", serverId: "one" }, false);
    expect(await isRevoked("one", { tokenId: "jti", clientId: "a", issuedAt: secondsAgo(10) })).toBe(true);
    expect(await isRevoked("two", { tokenId: "jti", clientId: "a", issuedAt: secondsAgo(10) })).toBe(false);
    expect(await isRevoked("one", { tokenId: "other", clientId: "ended", issuedAt: secondsAgo(10) })).toBe(true);
    expect(await isRevoked("one", { tokenId: "other", clientId: "ended", issuedAt: secondsAgo(-1) })).toBe(false);
  });

  test("stays revoked while its client is inactive, whenever it was issued", async () => {
    await revokeClientTokens(database(), { clientId: "off", serverId: "one" }, true);
    expect(await isRevoked("one", { tokenId: "other", clientId: "off", issuedAt: secondsAgo(-3600) })).toBe(true);
  });

  test("of another process is seen within 500 ms", async () => {
    const token = { tokenId: "elsewhere", clientId: "a", issuedAt: secondsAgo(10) };
    expect(await isRevoked("one", token)).toBe(false);
    await database().revokedToken.create({ data: { serverId: "one", tokenId: "elsewhere", expiresAt: new Date(Date.now() + 60_000) } });
    await expect.poll(() => isRevoked("one", token), { timeout: 10_000 }).toBe(true);
  });
});
