import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { AlreadyUsed, recordAdapter } from "./record-adapter";
import { startTestIssuer, type TestIssuer } from "./test-issuer";
import { tokenIdOf } from "./token-id";

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startTestIssuer();
}, 120_000);

afterAll(() => issuer?.stop());

describe("a stored record", () => {
  test("doesn't contain the token that finds it", async () => {
    const token = "a-token-that-nobody-may-read";
    await recordAdapter("one", "ClientCredentials").upsert(token, { jti: token, clientId: "a" }, 60);
    const rows = await database().oidcRecord.findMany({ where: { model: "ClientCredentials" } });
    expect(rows).toMatchObject([{ id: tokenIdOf(token), payload: { clientId: "a" } }]);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await recordAdapter("one", "ClientCredentials").find(token)).toEqual({ jti: token, clientId: "a" });
  });

  test("of a single-use value is written once, even concurrently", async () => {
    const adapter = recordAdapter("one", "ReplayDetection");
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => adapter.upsert("proof", {}, 60)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of tries) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(AlreadyUsed);
  });

  test("is found by ID, uid and user code, in its own server and model only", async () => {
    const adapter = recordAdapter("one", "Session");
    await adapter.upsert("id", { uid: "u", userCode: "c", accountId: "a" }, 60);
    await adapter.upsert("id", { uid: "u", userCode: "c", accountId: "b" }, 60);
    expect(await adapter.find("id")).toEqual({ uid: "u", userCode: "c", accountId: "b", jti: "id" });
    expect(await adapter.findByUid("u")).toMatchObject({ accountId: "b" });
    expect(await adapter.findByUserCode("c")).toMatchObject({ accountId: "b" });
    expect(await recordAdapter("two", "Session").find("id")).toBeUndefined();
    expect(await recordAdapter("one", "Grant").find("id")).toBeUndefined();
    expect(await adapter.find("\u0000")).toBeUndefined();
    await adapter.destroy("id");
    expect(await adapter.find("id")).toBeUndefined();
  });

  test("has the time of its consumption", async () => {
    const adapter = recordAdapter("one", "AuthorizationCode");
    await adapter.upsert("code", { accountId: "a" }, 60);
    await adapter.consume("code");
    expect(await adapter.find("code")).toEqual({ accountId: "a", consumed: expect.any(Number), jti: "code" });
  });

  test("is deleted with its grant, on this server only", async () => {
    await recordAdapter("one", "RefreshToken").upsert("r", { grantId: "g" }, 60);
    await recordAdapter("two", "RefreshToken").upsert("r", { grantId: "g" }, 60);
    await recordAdapter("one", "RefreshToken").revokeByGrantId("g");
    expect(await recordAdapter("one", "RefreshToken").find("r")).toBeUndefined();
    expect(await recordAdapter("two", "RefreshToken").find("r")).toBeDefined();
  });

  test("isn't found after it expired", async () => {
    const adapter = recordAdapter("one", "ReplayDetection");
    await adapter.upsert("old", {}, 60);
    await database().oidcRecord.updateMany({ where: { serverId: "one", model: "ReplayDetection" }, data: { expiresAt: new Date(0) } });
    expect(await adapter.find("old")).toBeUndefined();
    await adapter.upsert("old", {}, 60);
    expect(await adapter.find("old")).toBeDefined();
  });
});
