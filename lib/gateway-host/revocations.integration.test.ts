import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { createEndedReader, type Ended } from "./revocations";

let database: TestDatabase;
let pool: pg.Pool;
const asked: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const run = async (text: string, values: readonly unknown[] = []) => (await pool.query<Record<string, unknown>>(text, [...values])).rows;
const reader = () =>
  createEndedReader(async (text, values) => {
    asked.push(text);
    return run(text, values);
  });
const revoke = (ids: readonly string[], minutes: number) =>
  run(
    `INSERT INTO "RevokedToken" SELECT 'shop', id, date_trunc('minute', timezone('utc', now())) + make_interval(mins => $2) FROM unnest($1::text[]) id`,
    [ids, minutes],
  );
const idsOf = (ended: Ended | null) => ended?.parts.flatMap((part) => part.tokens.map(([, id]) => id)).sort();
const questions = () => asked.splice(0).length;

describe("reading revocations", () => {
  it("is one small query while nothing changes, and then reads changed minutes only", async () => {
    const { read } = reader();
    const nothing = await read(null);
    expect(nothing).toEqual({ parts: [], clients: [] });
    questions();
    expect(await read(nothing)).toBeNull();
    expect(questions()).toBe(1);

    await revoke(["a", "b"], 5);
    await revoke(["c"], 9);
    await revoke(["long over"], -5);
    const first = await read(nothing);
    expect(idsOf(first)).toEqual(["a", "b", "c"]);
    expect(first?.parts).toHaveLength(2);
    expect(await read(first)).toBeNull();

    await revoke(["d"], 9);
    const second = await read(first);
    expect(idsOf(second)).toEqual(["a", "b", "c", "d"]);
    expect(second?.parts[0]).toBe(first?.parts[0]);
    expect(second?.clients).toBe(first?.clients);

    await run(`DELETE FROM "RevokedToken" WHERE "tokenId" IN ('a', 'b')`);
    const third = await read(second);
    expect(idsOf(third)).toEqual(["c", "d"]);
    expect(third?.parts[0]).toBe(second?.parts[1]);
  });

  it("returns again what wasn't loaded, and can start from a stored state", async () => {
    const { read } = reader();
    const first = await read(null);
    await revoke(["e"], 20);
    expect(idsOf(await read(first))).toContain("e");
    // The result was lost, so the caller passes its previous state.
    const again = await read(first);
    expect(idsOf(again)).toContain("e");
    expect(await read(again)).toBeNull();
    const copied = JSON.parse(JSON.stringify(again));
    const fromCopy = await reader().read(copied);
    expect(fromCopy?.parts).toEqual(copied.parts);
    expect(fromCopy?.parts[0]).toBe(copied.parts[0]);
  });

  it("sees a client that is deactivated, reactivated, and expired", async () => {
    const { read } = reader();
    const end = (isOff: boolean, endedAt: string, minutes: number) =>
      run(
        `INSERT INTO "EndedClient" VALUES ('app', 'shop', $1::timestamp, $2, timezone('utc', now()) + make_interval(mins => $3))
         ON CONFLICT ("clientId") DO UPDATE SET "endedAt" = excluded."endedAt", "isOff" = excluded."isOff", "expiresAt" = excluded."expiresAt"`,
        [endedAt, isOff, minutes],
      );
    const before = await read(null);
    await end(true, "2026-11-21 08:00:00.9", 60);
    const off = await read(before);
    expect(off?.clients).toEqual([["shop", "app", Date.UTC(2026, 10, 21, 8) / 1000, true]]);
    expect(off?.parts).toBe(before?.parts);
    await end(false, "2026-11-21 08:00:05", 60);
    const on = await read(off);
    expect(on?.clients).toEqual([["shop", "app", Date.UTC(2026, 10, 21, 8) / 1000 + 5, false]]);
    await end(false, "2026-11-21 08:00:05", -1);
    expect((await read(on))?.clients).toEqual([]);
  });

  it("reads tens of thousands of them", async () => {
    await revoke(
      Array.from({ length: 30_000 }, (_, index) => `many ${index}`),
      30,
    );
    const { read } = reader();
    const all = await read(null);
    expect(idsOf(all)?.length).toBeGreaterThanOrEqual(30_000);
    questions();
    expect(await read(all)).toBeNull();
    expect(questions()).toBe(1);
  });
});
