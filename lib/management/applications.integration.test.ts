import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRevoked } from "@/lib/authorization-server/revoked-tokens";
import { database } from "@/lib/platform/database";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  management = await startManagement();
  await call("POST", "/authorization-servers/default/scopes", { name: "read" });
}, 120_000);
afterAll(() => management?.stop());

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwks = { keys: [pair.publicKey.export({ format: "jwk" })] };
const create = async (more: object = {}) => (await call("POST", "/applications", { name: "Till", ...more })).body;
const seconds = () => Math.floor(Date.now() / 1000);

describe("an application", () => {
  test("with a secret gets one; with keys of its own it gets none", async () => {
    expect(await create()).toMatchObject({
      authentication: "client_secret",
      clientSecret: expect.any(String),
      secrets: [{}],
      dpopBound: false,
    });
    const own = await create({ authentication: "private_key_jwt", jwks, dpopBound: true });
    expect(own).toMatchObject({ authentication: "private_key_jwt", clientSecret: null, secrets: [], jwks, jwksUri: null, dpopBound: true });
    const moved = await call("PATCH", `/applications/${own.id}`, { jwksUri: "https://client.example/jwks.json" });
    expect(moved.body).toMatchObject({ jwks: null, jwksUri: "https://client.example/jwks.json" });
    const back = await call("PATCH", `/applications/${own.id}`, { authentication: "client_secret_basic", dpopBound: false });
    expect(back.body).toMatchObject({ authentication: "client_secret_basic", jwks: null, jwksUri: null, dpopBound: false });
  });

  test("never stores or returns a private key", async () => {
    const answer = await call("POST", "/applications", {
      name: "Leak",
      authentication: "private_key_jwt",
      jwks: { keys: [pair.privateKey.export({ format: "jwk" })] },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: "jwks.keys[0].d" }] } });
    expect(await database().application.count({ where: { name: "Leak" } })).toBe(0);
  });

  test.each([
    [{ authentication: "private_key_jwt" }, "jwks"],
    [{ authentication: "private_key_jwt", jwks: { keys: [] } }, "jwks.keys"],
    [{ authentication: "private_key_jwt", jwksUri: "http://client.example/" }, "jwksUri"],
    [{ authentication: "client_secret", jwks }, "jwks"],
    [{ authentication: "magic" }, "authentication"],
    [{ scopes: ["read", "nope"] }, "scopes[1]"],
    [{ authorizationServer: "nowhere" }, "authorizationServer"],
  ])("is not made of %j", async (values, path) => {
    expect(await call("POST", "/applications", { name: "x", ...values })).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test("that is deactivated loses its tokens permanently, also when it's activated again", async () => {
    const { id, clientId } = await create();
    const token = { tokenId: "any", clientId: String(clientId), issuedAt: seconds() };
    expect(await isRevoked("default", token)).toBe(false);
    await call("PATCH", `/applications/${id}`, { name: "Renamed" });
    expect(await isRevoked("default", token)).toBe(false);
    expect((await call("PATCH", `/applications/${id}`, { enabled: false })).body.enabled).toBe(false);
    expect(await isRevoked("default", { ...token, issuedAt: seconds() + 60 })).toBe(true);
    await call("PATCH", `/applications/${id}`, { enabled: true });
    expect(await isRevoked("default", token)).toBe(true);
    expect(await isRevoked("default", { ...token, issuedAt: seconds() + 2 })).toBe(false);
    const summaries = (await call("GET", "/activity")).body.items.map((item) => item.summary).slice(0, 3);
    expect(summaries).toEqual([
      "Activated the application Renamed: it can request new tokens; earlier ones remain revoked",
      "Deactivated the application Renamed: its tokens are revoked permanently",
      "Changed the name of the application Renamed",
    ]);
  });

  test("that is deleted loses its tokens", async () => {
    const { id, clientId } = await create();
    expect((await call("DELETE", `/applications/${id}`)).status).toBe(204);
    expect(await isRevoked("default", { tokenId: "any", clientId: String(clientId), issuedAt: seconds() + 60 })).toBe(true);
    expect((await call("GET", `/applications/${id}`)).status).toBe(404);
  });
});

describe("client secrets", () => {
  test("are limited to two, also with concurrent requests, each with its expiry", async () => {
    const { id } = await create();
    const answers = await Promise.all(Array.from({ length: 5 }, () => call("POST", `/applications/${id}/secrets`, { expiresInDays: 7 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const added = answers.find(({ status }) => status === 201)?.body;
    expect(Date.parse(String(added?.expiresAt)) - Date.parse(String(added?.createdAt))).toBeGreaterThan(6.9 * 24 * 60 * 60 * 1000);
    const read = await call("GET", `/applications/${id}`);
    expect(read.body.secrets).toMatchObject([{ expiresAt: null, lastUsedAt: null }, { hint: String(added?.clientSecret).slice(-4) }]);
    expect(JSON.stringify(read.body)).not.toContain(String(added?.clientSecret));
  });

  test("need no body, and may all be deleted", async () => {
    const { id, secrets } = await create();
    const second = await call("POST", `/applications/${id}/secrets`);
    expect(second).toMatchObject({ status: 201, body: { expiresAt: null } });
    const [first] = secrets as { id: string }[];
    for (const secret of [first?.id, second.body.id])
      expect((await call("DELETE", `/applications/${id}/secrets/${secret}`)).status).toBe(204);
    expect((await call("GET", `/applications/${id}`)).body.secrets).toEqual([]);
    expect((await call("DELETE", `/applications/${id}/secrets/${first?.id}`)).status).toBe(404);
  });

  test("that have expired make room for a new one", async () => {
    const { id } = await create();
    await call("POST", `/applications/${id}/secrets`, { expiresInDays: 1 });
    await database().applicationSecret.updateMany({
      where: { applicationId: id, expiresAt: { not: null } },
      data: { expiresAt: new Date(0) },
    });
    expect((await call("POST", `/applications/${id}/secrets`)).status).toBe(201);
    expect((await call("GET", `/applications/${id}`)).body.secrets).toHaveLength(2);
  });

  test.each([0, 1.5, 3651, "7"])("do not expire in %j days", async (expiresInDays) => {
    const { id } = await create();
    expect((await call("POST", `/applications/${id}/secrets`, { expiresInDays })).status).toBe(400);
  });
});
