import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { StartFailure } from "@/lib/platform/start-failure";

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
}

/** Exactly the table that Prisma's own engine makes, so that `prisma migrate deploy` can take over at any time. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/** The tables and views of the schema, without those that an extension owns, for example pg_stat_statements or PostGIS. */
const FOREIGN_TABLES = `SELECT c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.relname`;

/** Two sessions that create one table at the same time: the slower one gets one of these although it said IF NOT EXISTS. */
const CREATED_MEANWHILE = new Set(["23505", "42P07", "42710"]);

/**
 * Brings a database up to date with the committed migrations. Each migration and its record are one transaction; starts that
 * happen at the same time wait for each other by a lock on the table of records, which works on the embedded Postgres too.
 *
 * @param directory the folder of migrations
 * @returns the names of the migrations that were applied now
 * @throws StartFailure when the database is someone else's, newer, or its history was edited
 */
export async function migrate(databaseUrl: string, directory: string): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await createTable(client);
    const applied: string[] = [];
    for (;;) {
      const name = await applyNext(client, migrations);
      if (name === undefined) return applied;
      applied.push(name);
    }
  } finally {
    await client.end();
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function createTable(client: pg.Client): Promise<void> {
  const tables = await client.query<{ name: string }>(FOREIGN_TABLES);
  const names = tables.rows.map((row) => row.name);
  if (names.includes("_prisma_migrations")) return;
  if (names.length > 0) {
    throw new StartFailure(
      `The database already holds tables of something else (${names.slice(0, 3).join(", ")}). Give Gatewright an empty database in DATABASE_URL.`,
    );
  }
  try {
    await client.query(CREATE_TABLE);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !CREATED_MEANWHILE.has(error.code ?? "")) throw error;
  }
}

/** Applies the first migration that is missing, and answers its name. */
async function applyNext(client: pg.Client, migrations: readonly Migration[]): Promise<string | undefined> {
  await client.query("BEGIN");
  try {
    await client.query("LOCK TABLE _prisma_migrations IN EXCLUSIVE MODE");
    const { rows } = await client.query<AppliedMigration>(
      "SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at",
    );
    refuseForeignHistory(rows, migrations);
    const known = new Set(rows.map((row) => row.migration_name));
    const next = migrations.find((migration) => !known.has(migration.name));
    if (next) {
      await client.query(next.sql);
      await client.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), clock_timestamp(), 1)",
        [randomUUID(), next.checksum, next.name],
      );
    }
    await client.query("COMMIT");
    return next?.name;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function refuseForeignHistory(rows: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const row of rows) {
    const migration = migrations.find((candidate) => candidate.name === row.migration_name);
    if (!row.finished_at) {
      throw new StartFailure(
        `The migration ${row.migration_name} failed half way in this database. Repair the database, then run: npx prisma migrate resolve --applied ${row.migration_name} (or --rolled-back).`,
      );
    }
    if (!migration) {
      throw new StartFailure(
        `The database was made by another version of Gatewright (it has the migration ${row.migration_name}). Start that version or a newer one.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new StartFailure(
        `The migration ${row.migration_name} was edited after it had been applied. Restore prisma/migrations/${row.migration_name}/migration.sql.`,
      );
    }
  }
}
