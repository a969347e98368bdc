import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { database } from "./database";
import { endSession, liveSession, startSession, sweepSessions } from "./sessions";

const HOUR_MS = 60 * 60 * 1000;
const HASH = "$argon2id$one";
let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  Object.assign(process.env, { DATABASE_URL: db.url, GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64") });
});
afterAll(async () => {
  await database().$disconnect();
  await db.drop();
});
beforeEach(async () => {
  await database().user.deleteMany();
  await database().user.create({ data: { id: "ann", email: "ann@example.com", name: "Ann", passwordHash: HASH } });
});

const ago = (ms: number) => new Date(Date.now() - ms);
const emailOf = async (id: string) => (await liveSession(id))?.email ?? null;
const row = () => database().session.findFirstOrThrow();

test("a session belongs to its user until it's ended, which is idempotent", async () => {
  const [one, other] = [await startSession("ann", HASH), await startSession("ann", HASH)];
  expect([await emailOf(one), await emailOf(other)]).toEqual(["ann@example.com", "ann@example.com"]);
  await endSession(one);
  await endSession(one);
  expect([await emailOf(one), await emailOf(other), await emailOf("made-up"), await emailOf("")]).toEqual([
    null,
    "ann@example.com",
    null,
    null,
  ]);
});

test("values in the database grant no access", async () => {
  const id = await startSession("ann", HASH);
  const { idHash } = await row();
  expect(idHash).not.toBe(id);
  expect(await emailOf(idHash)).toBeNull();
});

test("it expires after 8 hours without use, with a resolution of 1 minute", async () => {
  const id = await startSession("ann", HASH);
  await database().session.updateMany({ data: { seenAt: ago(8 * HOUR_MS - 30_000) } });
  expect(await emailOf(id)).toBe("ann@example.com");
  const { seenAt } = await row();
  expect(Date.now() - seenAt.getTime()).toBeLessThan(60_000);
  await liveSession(id);
  expect((await row()).seenAt).toEqual(seenAt);
  await database().session.updateMany({ data: { seenAt: ago(8 * HOUR_MS) } });
  expect(await emailOf(id)).toBeNull();
});

test("a read-only database doesn't block reading", async () => {
  const id = await startSession("ann", HASH);
  await database().session.updateMany({ data: { seenAt: ago(HOUR_MS) } });
  await database().$executeRawUnsafe(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$`);
  await database().$executeRawUnsafe('CREATE TRIGGER full_disk BEFORE UPDATE ON "Session" EXECUTE FUNCTION full_disk()');
  expect(await emailOf(id)).toBe("ann@example.com");
  await database().$executeRawUnsafe('DROP TRIGGER full_disk ON "Session"');
  expect(await emailOf(id)).toBe("ann@example.com");
});

test("it expires after 1 day in any case", async () => {
  const id = await startSession("ann", HASH);
  const { createdAt, expiresAt } = await row();
  expect(expiresAt.getTime() - createdAt.getTime()).toBe(24 * HOUR_MS);
  await database().session.updateMany({ data: { expiresAt: ago(0) } });
  expect(await emailOf(id)).toBeNull();
});

test("a new password or the account's deletion ends it", async () => {
  const [id, other] = [await startSession("ann", HASH), await startSession("ann", HASH)];
  await database().user.update({ where: { id: "ann" }, data: { passwordHash: "$argon2id$two" } });
  expect([await emailOf(id), await emailOf(other)]).toEqual([null, null]);
  await database().user.delete({ where: { id: "ann" } });
  expect(await database().session.count()).toBe(0);
});

test("expired sessions are deleted, also by sign-ins, and others stay", async () => {
  const kept = await startSession("ann", HASH);
  const { idHash } = await row();
  const old = async () => {
    await startSession("ann", HASH);
    await startSession("ann", HASH);
    const [idle, expired] = await database().session.findMany({ where: { idHash: { not: idHash } }, orderBy: { idHash: "asc" } });
    await database().session.updateMany({ where: { idHash: idle?.idHash ?? "" }, data: { seenAt: ago(9 * HOUR_MS) } });
    await database().session.updateMany({ where: { idHash: expired?.idHash ?? "" }, data: { expiresAt: ago(1) } });
  };
  await old();
  await sweepSessions();
  expect(await database().session.findMany({ select: { idHash: true } })).toEqual([{ idHash }]);
  await old();
  await startSession("ann", HASH);
  expect(await database().session.count()).toBe(2);
  expect(await emailOf(kept)).toBe("ann@example.com");
});
