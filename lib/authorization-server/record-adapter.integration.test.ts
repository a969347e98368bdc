import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { recordAdapter } from "./record-adapter";
import { startTestIssuer, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startTestIssuer();
}, 120_000);

afterAll(() => issuer?.stop());

describe("a stored record", () => {
  test("is found by its id, uid and user code, in its own server and model only", async () => {
    const adapter = recordAdapter("one", "Session");
    await adapter.upsert("id", { uid: "u", userCode: "c", accountId: "a" }, 60);
    await adapter.upsert("id", { uid: "u", userCode: "c", accountId: "b" }, 60);
    expect(await adapter.find("id")).toEqual({ uid: "u", userCode: "c", accountId: "b" });
    expect(await adapter.findByUid("u")).toMatchObject({ accountId: "b" });
    expect(await adapter.findByUserCode("c")).toMatchObject({ accountId: "b" });
    expect(await recordAdapter("two", "Session").find("id")).toBeUndefined();
    expect(await recordAdapter("one", "Grant").find("id")).toBeUndefined();
    expect(await adapter.find("\u0000")).toBeUndefined();
    await adapter.destroy("id");
    expect(await adapter.find("id")).toBeUndefined();
  });

  test("says when it was consumed", async () => {
    const adapter = recordAdapter("one", "AuthorizationCode");
    await adapter.upsert("code", { accountId: "a" }, 60);
    await adapter.consume("code");
    expect(await adapter.find("code")).toEqual({ accountId: "a", consumed: expect.any(Number) });
  });

  test("goes with its grant, of this server only", async () => {
    await recordAdapter("one", "RefreshToken").upsert("r", { grantId: "g" }, 60);
    await recordAdapter("two", "RefreshToken").upsert("r", { grantId: "g" }, 60);
    await recordAdapter("one", "RefreshToken").revokeByGrantId("g");
    expect(await recordAdapter("one", "RefreshToken").find("r")).toBeUndefined();
    expect(await recordAdapter("two", "RefreshToken").find("r")).toBeDefined();
  });

  test("is not found after its time", async () => {
    const adapter = recordAdapter("one", "ReplayDetection");
    await adapter.upsert("old", {}, 60);
    await database().oidcRecord.update({
      where: { serverId_model_id: { serverId: "one", model: "ReplayDetection", id: "old" } },
      data: { expiresAt: new Date(0) },
    });
    expect(await adapter.find("old")).toBeUndefined();
  });
});
