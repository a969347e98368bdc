import { randomBytes } from "node:crypto";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/platform/database";
import { secretBox } from "@/lib/platform/secrets";
import { issueToken } from "./issue-token";
import { deleteKey, ensureKeys, KeyInUse, listKeys, RotatedJustNow, rotateDueKeys, rotateKeys, UnreadableKey } from "./key-rotation";
import { invalidateServer } from "./server-records";
import { createServer, ensureDefaultServer, findBuiltinServer, issuerOf } from "./servers";
import { addApplication, startTestIssuer, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
const DAY_MS = 24 * 60 * 60 * 1000;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
}, 120_000);

afterAll(() => issuer?.stop());

const newServer = (id: string, rotationDays: number | null = null) =>
  createServer(database(), issuer.box, { id, name: id, audience: `api://${id}`, description: "", rotationDays });
const publicKeys = async (id: string) => (await findBuiltinServer(id))?.keys ?? [];
const states = async (id: string) => (await listKeys(database(), id)).map(({ kid, state }) => [state, kid]);
const kidOf = async (id: string, state: string) => (await listKeys(database(), id)).find((key) => key.state === state)?.kid ?? "";
const token = async (serverId: string) =>
  (await issueToken({ clientId: (await addApplication({ serverId })).clientId, scopes: [] })).accessToken;
const publishedKeys = async (id: string): Promise<{ keys: JWK[] }> => (await fetch(`${issuerOf(id)}/v1/keys`)).json();
const age = (kid: string, days: number) =>
  database().signingKey.update({ where: { kid }, data: { activatedAt: new Date(Date.now() - days * DAY_MS) } });

describe("rotation", () => {
  test("activates the published next key; the previous one verifies until its tokens have expired", async () => {
    await newServer("rotating");
    const [active, next] = [await kidOf("rotating", "active"), await kidOf("rotating", "next")];
    const before = await token("rotating");
    expect(decodeProtectedHeader(before).kid).toBe(active);
    expect((await publishedKeys("rotating")).keys.map((key) => key.kid).sort()).toEqual([active, next].sort());
    await rotateKeys(database(), issuer.box, "rotating");
    const keys = await listKeys(database(), "rotating");
    expect(keys).toMatchObject([
      { state: "next", activatedAt: null, expiresAt: null },
      { state: "active", kid: next, expiresAt: null },
      { state: "previous", kid: active },
    ]);
    const after = await token("rotating");
    expect(decodeProtectedHeader(after).kid).toBe(next);
    const published = createLocalJWKSet({ keys: (await publishedKeys("rotating")).keys });
    for (const each of [before, after]) await jwtVerify(each, published, { issuer: issuerOf("rotating"), audience: "api://rotating" });
  });

  test("never activates a key that can't be decrypted: manually, on schedule, or without an active key", async () => {
    await newServer("unreadable", 30);
    await newServer("readable-beside", 30);
    const [active, next] = [await kidOf("unreadable", "active"), await kidOf("unreadable", "next")];
    const other = secretBox(randomBytes(32).toString("base64"));
    await database().signingKey.update({ where: { kid: next }, data: { privateCiphertext: other.seal("{}", "unreadable") } });
    await expect(rotateKeys(database(), issuer.box, "unreadable")).rejects.toThrow(UnreadableKey);
    await age(active, 31);
    await age(await kidOf("readable-beside", "active"), 31);
    expect(await rotateDueKeys(database(), issuer.box)).toEqual(["readable-beside"]);
    expect(await states("unreadable")).toEqual([
      ["next", next],
      ["active", active],
    ]);
    await token("unreadable");
    await database().signingKey.delete({ where: { kid: active } });
    await ensureKeys(database(), issuer.box);
    expect(await states("unreadable")).toEqual([["next", next]]);
    await database().authorizationServer.delete({ where: { id: "readable-beside" } });
    await database().authorizationServer.update({ where: { id: "unreadable" }, data: { rotationDays: null } });
    await database().signingKey.deleteMany({ where: { serverId: "unreadable" } });
    await ensureKeys(database(), issuer.box);
  });

  test("publishes the previous key until its longest token has expired", async () => {
    await newServer("longest");
    // A rule allows at most 1 day.
    await database().accessRule.updateMany({ where: { policy: { serverId: "longest" } }, data: { lifetimeMinutes: 1440 } });
    invalidateServer("longest");
    const longest = await token("longest");
    const { iat = 0, exp = 0 } = decodeJwt(longest);
    expect(exp - iat).toBe(24 * 60 * 60);
    await rotateKeys(database(), issuer.box, "longest");
    vi.useFakeTimers({ toFake: ["Date"], now: (exp - 1) * 1000 });
    try {
      await rotateDueKeys(database(), issuer.box);
      invalidateServer("longest");
      const published = createLocalJWKSet({ keys: [...(await publicKeys("longest"))] });
      await jwtVerify(longest, published, { issuer: issuerOf("longest"), audience: "api://longest", currentDate: new Date() });
    } finally {
      vi.useRealTimers();
    }
  });

  test("waits while the next key is too new for verifiers, also on schedule", async () => {
    await newServer("twice", 1);
    await rotateKeys(database(), issuer.box, "twice");
    const before = await states("twice");
    await expect(rotateKeys(database(), issuer.box, "twice")).rejects.toBeInstanceOf(RotatedJustNow);
    await age(await kidOf("twice", "active"), 2);
    expect(await rotateDueKeys(database(), issuer.box)).toEqual([]);
    expect(await states("twice")).toEqual(before);
    const cached = (await fetch(`${issuerOf("twice")}/v1/keys`)).headers.get("cache-control");
    const maxAgeMs = Number(/max-age=(\d+)/.exec(cached ?? "")?.[1]) * 1000;
    expect(maxAgeMs).toBeGreaterThan(0);
    const published = { createdAt: new Date(Date.now() - maxAgeMs) };
    await database().signingKey.update({ where: { kid: await kidOf("twice", "next") }, data: published });
    expect(await rotateDueKeys(database(), issuer.box)).toEqual(["twice"]);
  });

  test("never returns a private key, and stores each encrypted", async () => {
    for (const key of await listKeys(database(), "rotating"))
      expect(Object.keys(key).sort()).toEqual(["activatedAt", "algorithm", "createdAt", "expiresAt", "kid", "state"]);
    for (const { privateCiphertext, publicJwk } of await database().signingKey.findMany()) {
      expect(privateCiphertext).not.toContain('"d"');
      expect(publicJwk).not.toHaveProperty("d");
    }
  });

  test("deletes an expired previous key", async () => {
    const previous = await kidOf("rotating", "previous");
    await database().signingKey.update({ where: { kid: previous }, data: { expiresAt: new Date(Date.now() - 1000) } });
    invalidateServer("rotating");
    expect((await publicKeys("rotating")).map((key) => key.kid)).not.toContain(previous);
    await rotateDueKeys(database(), issuer.box);
    expect((await states("rotating")).map(([state]) => state)).toEqual(["next", "active"]);
  });

  test("on schedule happens once across concurrent consoles, and only when due", async () => {
    await newServer("scheduled", 30);
    await newServer("by-hand");
    await age(await kidOf("by-hand", "active"), 1000);
    await age(await kidOf("scheduled", "active"), 29);
    expect(await rotateDueKeys(database(), issuer.box)).toEqual([]);
    const next = await kidOf("scheduled", "next");
    await age(await kidOf("scheduled", "active"), 31);
    const rotated = await Promise.all([1, 2, 3].map(() => rotateDueKeys(database(), issuer.box)));
    expect(rotated.flat()).toEqual(["scheduled"]);
    expect((await states("scheduled")).map(([state]) => state)).toEqual(["next", "active", "previous"]);
    expect(await kidOf("scheduled", "active")).toBe(next);
    expect((await states("by-hand")).map(([state]) => state)).toEqual(["next", "active"]);
  });

  test("adds missing next and active keys once", async () => {
    await newServer("old");
    await newServer("bare");
    const active = await kidOf("old", "active");
    await database().signingKey.deleteMany({ where: { OR: [{ serverId: "old", state: "next" }, { serverId: "bare" }] } });
    await Promise.all([ensureKeys(database(), issuer.box), ensureKeys(database(), issuer.box)]);
    expect((await states("old")).map(([state]) => state)).toEqual(["next", "active"]);
    expect(await kidOf("old", "active")).toBe(active);
    expect((await states("bare")).map(([state]) => state)).toEqual(["next", "active"]);
    expect(decodeProtectedHeader(await token("bare")).kid).toBe(await kidOf("bare", "active"));
  });

  test("of an unknown server does nothing", async () => {
    await rotateKeys(database(), issuer.box, "nowhere");
    expect(await listKeys(database(), "nowhere")).toEqual([]);
  });
});

describe("keys are generated only if they are used", () => {
  /** A box that counts the private keys that it encrypts. */
  const counting = () => {
    const box = { ...issuer.box, sealed: 0 };
    box.seal = (...secret) => {
      box.sealed += 1;
      return issuer.box.seal(...secret);
    };
    return box;
  };
  const of = (id: string) => ({ id, name: id, audience: `api://${id}`, description: "" });

  test("not for an ID that is in use", async () => {
    const box = counting();
    const creations = Array.from({ length: 20 }, () => createServer(database(), box, of("default")));
    for (const result of await Promise.allSettled(creations)) expect(result).toMatchObject({ reason: { name: "ServerTaken" } });
    expect(box.sealed).toBe(0);
  });

  test("once by parallel creations of one ID", async () => {
    const box = counting();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => createServer(database(), box, of("parallel"))));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(box.sealed).toBe(2);
  });

  test("once by parallel rotations, and not by one that is too early or of an unknown server", async () => {
    await newServer("rotated-at-once");
    const box = counting();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => rotateKeys(database(), box, "rotated-at-once")));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(RotatedJustNow);
    expect(box.sealed).toBe(2);
    await rotateKeys(database(), box, "nowhere");
    expect(box.sealed).toBe(2);
  });
});

describe("a key", () => {
  test("can be deleted when it's previous, and then verifies nothing", async () => {
    await newServer("leaked");
    await rotateKeys(database(), issuer.box, "leaked");
    const previous = await kidOf("leaked", "previous");
    expect(await deleteKey(database(), "other", previous)).toBe(false);
    expect(await deleteKey(database(), "leaked", previous)).toBe(true);
    expect((await publicKeys("leaked")).map((key) => key.kid)).not.toContain(previous);
    expect(await deleteKey(database(), "leaked", previous)).toBe(false);
  });

  test.each(["active", "next"])("that is %s can't be deleted", async (state) => {
    await expect(deleteKey(database(), "default", await kidOf("default", state))).rejects.toBeInstanceOf(KeyInUse);
    expect((await states("default")).map(([each]) => each)).toEqual(["next", "active"]);
  });
});
