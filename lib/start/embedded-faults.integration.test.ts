import { execSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { emptyTestDatabase } from "@/lib/testing/postgres";
import { canMount, type SmallDisk, smallDisk } from "@/lib/testing/small-disk";
import { guardDisk } from "./disk-guard";
import { maintainPostgres } from "./maintenance";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./supervise-postgres";

const SCRIPT = "dist/embedded-postgres.js";
const folder = mkdtempSync(join(tmpdir(), "gw-emb-"));
let postgres: EmbeddedPostgres | undefined;
let disk: SmallDisk | undefined;

afterEach(async () => {
  await postgres?.stop();
  postgres = undefined;
  disk?.remove();
  disk = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a statement on a new connection. */
async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 20_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query(text, values)).rows;
  } finally {
    void client.end().catch(() => undefined);
  }
}
const answers = (url: string) =>
  query(url, "SELECT 1").then(
    () => true,
    () => false,
  );
/** The processes that serve this data directory. */
const pidsOf = (dataDir: string) =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dataDir);
      } catch {
        return false;
      }
    })
    .map(Number);

describe("the embedded Postgres", () => {
  it.runIf(canMount())(
    "comes back by itself after its disk was full, with everything that it acknowledged",
    async () => {
      disk = smallDisk(join(folder, "full"), 160);
      const dataDir = join(disk.folder, "data");
      mkdirSync(dataDir);
      postgres = await startEmbeddedPostgres(dataDir, SCRIPT);
      const { url } = postgres;
      await query(url, "CREATE TABLE entry (id int PRIMARY KEY, text text)");
      let acknowledged = 0;
      const write = async () => {
        await query(url, "INSERT INTO entry VALUES ($1, $2)", [
          acknowledged + 1,
          "x".repeat(200_000).replace(/x/g, () => Math.random().toString(36)),
        ]);
        acknowledged += 1;
      };
      await write();
      disk.fill(2_000_000);
      let refused = 0;
      for (let attempt = 0; attempt < 60 && refused < 5; attempt++) await write().catch(() => (refused += 1));
      expect(refused).toBe(5);
      disk.clear();
      await until(
        () =>
          write().then(
            () => true,
            () => false,
          ),
        (done) => done,
        90_000,
      );
      const [row] = await query(url, "SELECT count(*)::int AS count, max(id) AS last FROM entry");
      expect(row).toMatchObject({ last: acknowledged });
      expect(Number(row?.count)).toBeGreaterThanOrEqual(acknowledged);
    },
    200_000,
  );

  it.runIf(canMount())(
    "is read-only for all clients while its disk has only the reserve left, and recovers",
    async () => {
      disk = smallDisk(join(folder, "reserve"), 220);
      const dataDir = join(disk.folder, "data");
      mkdirSync(dataDir);
      postgres = await startEmbeddedPostgres(dataDir, SCRIPT);
      const { url } = postgres;
      await query(url, "CREATE TABLE entry (id int PRIMARY KEY)");
      const guard = guardDisk(dataDir, url, { graceMs: 0, lookMs: 100 });
      const write = (id: number) =>
        query(url, "INSERT INTO entry VALUES ($1)", [id]).then(
          () => "written",
          (error: { code?: string }) => error.code ?? String(error),
        );
      expect(await write(1)).toBe("written");
      expect(guard.isLow()).toBe(false);
      disk.fill(30_000_000);
      await until(guard.isLow, Boolean);
      // A completely full disk must not break reads.
      disk.fill();
      for (let turn = 0; turn < 20; turn++) {
        expect(await write(2)).toBe("25006");
        expect(await query(url, "SELECT id FROM entry")).toEqual([{ id: 1 }]);
      }
      disk.clear();
      await until(
        () => write(2),
        (outcome) => outcome === "written",
      );
      expect(guard.isLow()).toBe(false);
      guard.stop();
    },
    120_000,
  );

  it("is restarted when it hangs", async () => {
    const dataDir = join(folder, "hung");
    mkdirSync(dataDir);
    postgres = await startEmbeddedPostgres(dataDir, SCRIPT, 2000);
    const { url } = postgres;
    const [before = 0] = pidsOf(dataDir);
    process.kill(before, "SIGSTOP");
    await until(
      () => pidsOf(dataDir),
      (pids) => pids.length > 0 && !pids.includes(before),
      60_000,
    );
    await until(() => answers(url), Boolean, 60_000);
  }, 120_000);

  it("leaves no process and no lock after a failed start", async () => {
    const dataDir = join(folder, "failed");
    // A directory with the file's name makes the write fail.
    mkdirSync(join(dataDir, "run/database-url/x"), { recursive: true });
    await expect(startEmbeddedPostgres(dataDir, SCRIPT)).rejects.toThrow(/isn't writable/);
    await until(
      () => pidsOf(dataDir),
      (pids) => pids.length === 0,
    );
    rmSync(join(dataDir, "run"), { recursive: true });
    postgres = await startEmbeddedPostgres(dataDir, SCRIPT);
    expect(await answers(postgres.url)).toBe(true);
  }, 120_000);

  it("leaves no process when its data is unreadable", async () => {
    const dataDir = join(folder, "broken");
    mkdirSync(dataDir);
    postgres = await startEmbeddedPostgres(dataDir, SCRIPT);
    await postgres.stop();
    postgres = undefined;
    execSync("head -c 8192 /dev/urandom > global/pg_control", { cwd: join(dataDir, "postgres") });
    await expect(startEmbeddedPostgres(dataDir, SCRIPT)).rejects.toThrow(/failed to start/);
    await until(
      () => pidsOf(dataDir),
      (pids) => pids.length === 0,
    );
    expect(existsSync(join(dataDir, "run/database-url"))).toBe(false);
  }, 120_000);
});

describe("maintenance", () => {
  it("writes checkpoints, and keeps the table of a frequently updated row small", async () => {
    const database = await emptyTestDatabase();
    const { url } = database;
    await query(url, "CREATE TABLE report (id int PRIMARY KEY, state jsonb)");
    const state = JSON.stringify(Array.from({ length: 500 }, () => Math.random()));
    const rewrite = async (times: number) => {
      for (let time = 0; time < times; time++)
        await query(url, "INSERT INTO report VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET state = excluded.state", [state]);
    };
    const size = async () => Number((await query(url, "SELECT pg_total_relation_size('report') AS size"))[0]?.size);
    const checkpoint = async () => String((await query(url, "SELECT redo_lsn FROM pg_control_checkpoint()"))[0]?.redo_lsn);
    const vacuums = async () =>
      Number((await query(url, "SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'report'"))[0]?.vacuum_count);
    /** Until a vacuum that began after this call has ended: one may be running. */
    const vacuumed = async () => {
      const now = await vacuums();
      await until(vacuums, (count) => count >= now + 2);
    };
    const before = await checkpoint();
    const maintenance = maintainPostgres(url, undefined, { checkpointMs: 200, vacuumMs: 200 });
    await rewrite(200);
    await until(checkpoint, (now) => now !== before);
    await vacuumed();
    const once = await size();
    for (let round = 0; round < 8; round++) {
      await rewrite(100);
      await vacuumed();
    }
    maintenance.stop();
    // Without it, 800 more versions of the row would make it five times as large.
    expect(await size()).toBeLessThan(once * 2.5);
    await database.drop();
  }, 120_000);
});
