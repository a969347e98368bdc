import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StartFailure } from "@/lib/platform/start-failure";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { secretKeyFor, tieDatabaseToKey } from "./console-secret-key";

let db: TestDatabase;
let dataDir: string;
const newKey = () => randomBytes(32).toString("base64");
const KEY = newKey();

beforeAll(async () => {
  db = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "gatewright-key-"));
});
afterAll(async () => {
  await db?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

describe("the secret key of a console", () => {
  it("is generated once for a database without secrets", async () => {
    const made = await secretKeyFor(db.url, dataDir, undefined);
    expect((await readFile(join(dataDir, "secret-key"), "utf8")).trim()).toBe(made);
    expect(await secretKeyFor(db.url, dataDir, undefined)).toBe(made);
    expect(await secretKeyFor(db.url, dataDir, KEY)).toBe(KEY);
  });

  it("must match the database after the first start", async () => {
    await tieDatabaseToKey(db.url, dataDir, KEY);
    expect(await secretKeyFor(db.url, dataDir, KEY)).toBe(KEY);
    await expect(secretKeyFor(db.url, dataDir, newKey())).rejects.toThrow(StartFailure);
    // The data directory's key differs too.
    await expect(secretKeyFor(db.url, dataDir, undefined)).rejects.toThrow(/Wrong secret key/);
    await rm(join(dataDir, "secret-key"));
    await expect(secretKeyFor(db.url, dataDir, undefined)).rejects.toThrow(/Secret key missing/);
    // Of two concurrent consoles, the second fails when it stores the key check.
    await expect(tieDatabaseToKey(db.url, dataDir, newKey())).rejects.toThrow(StartFailure);
    await tieDatabaseToKey(db.url, dataDir, KEY);
  });
});
