import { appendFile, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyTestDatabase } from "@/lib/testing/postgres";
import { migrate } from "./migrate";

const committed = join(process.cwd(), "prisma/migrations");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gatewright-migrate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const database = await emptyTestDatabase();
  try {
    await work(database.url);
  } finally {
    await database.drop();
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The committed migrations and one more. */
async function withAnother(name: string, sql: string): Promise<string> {
  const directory = await mkdtemp(join(folder, "migrations-"));
  await cp(committed, directory, { recursive: true });
  await cp(join(committed, (await firstName()) ?? ""), join(directory, name), { recursive: true });
  await rm(join(directory, name, "migration.sql"));
  await appendFile(join(directory, name, "migration.sql"), sql);
  return directory;
}

async function firstName(): Promise<string | undefined> {
  return (await readdir(committed)).find((entry) => /^\d+_/.test(entry));
}

describe("migrate", () => {
  it("applies nothing twice", async () => {
    await withDatabase(async (url) => {
      expect((await migrate(url, committed)).length).toBeGreaterThan(0);
      expect(await migrate(url, committed)).toEqual([]);
    });
  });

  it.skipIf(!process.env.TEST_DATABASE_URL)(
    "accepts a database in which an extension owns tables and views, and nothing else",
    async () => {
      await withDatabase(async (url) => {
        await query(url, "CREATE EXTENSION pg_stat_statements");
        const views = await query(url, "SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = current_schema()");
        expect(views[0]?.n).toBeGreaterThan(0);
        expect((await migrate(url, committed)).length).toBeGreaterThan(0);
      });
      await withDatabase(async (url) => {
        await query(url, "CREATE EXTENSION pg_stat_statements");
        await query(url, "CREATE VIEW theirs AS SELECT 1");
        await expect(migrate(url, committed)).rejects.toThrow(/\(theirs\)/);
      });
    },
  );

  it("applies each migration once in concurrent starts", async () => {
    await withDatabase(async (url) => {
      const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url, committed)));
      const [row] = await query(url, "SELECT count(*)::int AS n, count(DISTINCT migration_name)::int AS names FROM _prisma_migrations");
      expect(row).toEqual({ n: applied.flat().length, names: applied.flat().length });
    });
  });

  it("rolls a failing migration back", async () => {
    const directory = await withAnother("99990101000000_broken", 'CREATE TABLE "Half" (id int); SELECT 1/0;');
    await withDatabase(async (url) => {
      await expect(migrate(url, directory)).rejects.toThrow("division by zero");
      expect(await query(url, "SELECT to_regclass('\"Half\"') AS name")).toEqual([{ name: null }]);
      expect(await migrate(url, committed)).toEqual([]);
    });
  });

  it("rejects a migration that was edited after it was applied", async () => {
    const directory = await mkdtemp(join(folder, "edited-"));
    await cp(committed, directory, { recursive: true });
    await appendFile(join(directory, (await firstName()) ?? "", "migration.sql"), "\n-- edited\n");
    await withDatabase(async (url) => {
      await migrate(url, committed);
      await expect(migrate(url, directory)).rejects.toThrow(/was edited after it was applied/);
    });
  });

  it("rejects a database of a newer version", async () => {
    const directory = await withAnother("99990101000000_newer", 'CREATE TABLE "Newer" (id int);');
    await withDatabase(async (url) => {
      await migrate(url, directory);
      await expect(migrate(url, committed)).rejects.toThrow(/newer version of Gatewright \(migration 99990101000000_newer\)/);
    });
  });
});
