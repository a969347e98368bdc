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

/** The same table as Prisma's engine, so that `prisma migrate deploy` works too. */
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

/** Tables and views of the schema that don't belong to an extension. */
const FOREIGN_TABLES = `SELECT c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.relname`;

/** Errors of concurrent CREATE TABLE IF NOT EXISTS statements. */
const CREATED_MEANWHILE = new Set(["23505", "42P07", "42710"]);

/**
 * Applies pending migrations, each with its record in one transaction. Concurrent starts wait for a table lock, which the embedded
 * Postgres supports too.
 *
 * @param directory the directory of the migrations
 * @returns the names of the applied migrations
 * @throws StartFailure when the database has other tables, a newer version, or an edited history
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
      `The database has tables of another application (${names.slice(0, 3).join(", ")}). Set DATABASE_URL to an empty database.`,
    );
  }
  try {
    await client.query(CREATE_TABLE);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !CREATED_MEANWHILE.has(error.code ?? "")) throw error;
  }
}

/** Applies the first pending migration and returns its name. */
async function applyNext(client: pg.Client, migrations: readonly Migration[]): Promise<string | undefined> {
  await client.query("BEGIN");
  try {
    await client.query("LOCK TABLE _prisma_migrations IN EXCLUSIVE MODE");
    const { rows } = await client.query<AppliedMigration>(
      "SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at",
    );
    checkHistory(rows, migrations);
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

function checkHistory(rows: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const row of rows) {
    const migration = migrations.find((candidate) => candidate.name === row.migration_name);
    if (!row.finished_at) {
      throw new StartFailure(
        `The migration ${row.migration_name} failed in this database. Repair the database, then run: npx prisma migrate resolve --applied ${row.migration_name} (or --rolled-back).`,
      );
    }
    if (!migration) {
      throw new StartFailure(
        `The database belongs to a newer version of Gatewright (migration ${row.migration_name}). Start that version or a newer one.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new StartFailure(
        `The migration ${row.migration_name} was edited after it was applied. Restore prisma/migrations/${row.migration_name}/migration.sql.`,
      );
    }
  }
}
