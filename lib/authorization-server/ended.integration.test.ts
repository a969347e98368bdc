import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { forgetApplication } from "./clients";
import { endClient, isEnded, revokeToken } from "./ended";
import { forgetServer } from "./server-records";
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
  test("is revoked by its own application, whatever the hint says, and again without an error", async () => {
    const application = await addApplication({ serverId });
    for (const hint of ["access_token", "refresh_token", "nonsense"]) {
      const token = await tokenOf(application, serverId);
      expect(await introspect(application, serverId, token)).toMatchObject({ active: true });
      expect(await revoke(application, serverId, token, { token_type_hint: hint })).toEqual({ status: 200, text: "", body: null });
      expect(await introspect(application, serverId, token)).toEqual(INACTIVE);
      expect((await revoke(application, serverId, token)).status).toBe(200);
    }
  });

  test("cannot be revoked by another application, which is told so", async () => {
    const owner = await addApplication({ serverId });
    const stranger = await addApplication({ serverId });
    const token = await tokenOf(owner, serverId);
    expect(await revoke(stranger, serverId, token)).toMatchObject({ status: 400, body: { error: "unauthorized_client" } });
    expect(await introspect(stranger, serverId, token)).toMatchObject({ active: true, client_id: owner.clientId });
  });

  test("ends with its application, and stays ended when the application is back", async () => {
    const caller = await addApplication({ serverId });
    const owner = await addApplication({ serverId });
    const before = await tokenOf(owner, serverId);
    const set = async (enabled: boolean) => {
      await database().$transaction(async (tx) => {
        await tx.application.update({ where: { id: owner.id }, data: { enabled } });
        await endClient(tx, { clientId: owner.clientId, serverId }, !enabled);
      });
      forgetApplication(owner.clientId);
    };
    await set(false);
    expect(await introspect(caller, serverId, before)).toEqual(INACTIVE);
    await set(true);
    expect(await introspect(caller, serverId, before)).toEqual(INACTIVE);
    const after = await tokenOf(owner, serverId);
    expect(await introspect(caller, serverId, after)).toMatchObject({ active: true });
  });

  test("is nothing to another server", async () => {
    const token = await tokenOf(await addApplication({ serverId }), serverId);
    const partner = await addApplication({ serverId: "partners" });
    expect(await introspect(partner, "partners", token)).toEqual(INACTIVE);
    expect((await revoke(partner, "partners", token)).status).toBe(200);
  });

  test("ends with its server for as long as that is off", async () => {
    const application = await addApplication({ serverId });
    const token = await tokenOf(application, serverId);
    const set = async (enabled: boolean) => {
      await database().authorizationServer.update({ where: { id: serverId }, data: { enabled } });
      forgetServer(serverId);
    };
    await set(false);
    expect(await introspect(application, serverId, token)).toEqual(INACTIVE);
    await set(true);
    expect(await introspect(application, serverId, token)).toMatchObject({ active: true });
  });
});

describe("revocation", () => {
  test.each(["x", "a.b.c", "\u0000", "é"])("of what is no token (%j) is answered like any other", async (token) => {
    expect(await revoke(await addApplication(), "default", token)).toMatchObject({ status: 200, text: "" });
  });

  test("without a token, or without credentials, is refused", async () => {
    const application = await addApplication();
    expect(await post("/oauth2/default/v1/revoke", application, {})).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(
      (await fetch(`${issuer.url}/oauth2/default/v1/revoke`, { method: "POST", body: new URLSearchParams({ token: "x" }) })).status,
    ).toBe(401);
    expect((await fetch(`${issuer.url}/oauth2/default/v1/revoke?token=x`)).status).toBe(405);
  });

  test("is remembered until the token would have expired, by its id alone", async () => {
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

describe("an ended token", () => {
  const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

  test("is known by its id, by its client, and by neither of another server", async () => {
    await revokeToken("one", "jti", new Date(Date.now() + 60_000));
    await endClient(database(), { clientId: "ended", serverId: "one" }, false);
    expect(await isEnded("one", { tokenId: "jti", clientId: "a", issuedAt: secondsAgo(10) })).toBe(true);
    expect(await isEnded("two", { tokenId: "jti", clientId: "a", issuedAt: secondsAgo(10) })).toBe(false);
    expect(await isEnded("one", { tokenId: "other", clientId: "ended", issuedAt: secondsAgo(10) })).toBe(true);
    expect(await isEnded("one", { tokenId: "other", clientId: "ended", issuedAt: secondsAgo(-1) })).toBe(false);
  });

  test("stays ended while its client is off, whenever it was issued", async () => {
    await endClient(database(), { clientId: "off", serverId: "one" }, true);
    expect(await isEnded("one", { tokenId: "other", clientId: "off", issuedAt: secondsAgo(-3600) })).toBe(true);
  });

  test("that another process wrote is seen within half a second", async () => {
    const token = { tokenId: "elsewhere", clientId: "a", issuedAt: secondsAgo(10) };
    expect(await isEnded("one", token)).toBe(false);
    await database().revokedToken.create({ data: { serverId: "one", tokenId: "elsewhere", expiresAt: new Date(Date.now() + 60_000) } });
    await expect.poll(() => isEnded("one", token), { timeout: 10_000 }).toBe(true);
  });
});
