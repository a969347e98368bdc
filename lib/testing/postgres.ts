import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { migrate } from "../start/migrate";
import { servePostgres } from "../start/postgres-socket";

const MIGRATIONS = join(process.cwd(), "prisma/migrations");
/** Any number will do: only tests on the throw-away server take this lock. */
const TEMPLATE_LOCK = 20_261_121;

/** A database of one test file's own. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A new database with all migrations applied. See `emptyTestDatabase`. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = serverUrl();
  if (server) return createOn(server, await template(server));
  const database = await embedded();
  await migrate(database.url, MIGRATIONS);
  return database;
}

/**
 * A new database without a table: on the Postgres of `TEST_DATABASE_URL`, whose user may create databases, as
 * `npm test` and `node scripts/test-services.mjs` start one, or else embedded in this process.
 */
export function emptyTestDatabase(): Promise<TestDatabase> {
  const server = serverUrl();
  return server ? createOn(server, "template0") : embedded();
}

function serverUrl(): string | undefined {
  return process.env.TEST_DATABASE_URL || undefined;
}

async function createOn(server: string, from: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${from}"`));
  return {
    url: databaseUrl(server, name),
    async drop() {
      await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
    },
  };
}

/** The name of a database with the migrations of this checkout, which is made once and copied in milliseconds. */
async function template(server: string): Promise<string> {
  const names = await readdir(MIGRATIONS, { recursive: true });
  const name = `template_${createHash("sha256").update(names.sort().join("\n")).digest("hex").slice(0, 16)}`;
  await onServer(server, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const existing = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (existing.rowCount) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS "${unfinished}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE "${unfinished}" TEMPLATE template0`);
    await migrate(databaseUrl(server, unfinished), MIGRATIONS);
    await client.query(`ALTER DATABASE "${unfinished}" RENAME TO "${name}"`);
  });
  return name;
}

async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function embedded(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "gatewright-pg-"));
  const db = await PGlite.create();
  const server = await servePostgres({
    db,
    path: join(directory, ".s.PGSQL.5432"),
    maxConnections: 100,
    heldSessionTimeoutMs: 30_000,
    onFatal: (error) => {
      throw error;
    },
  });
  return {
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(directory)}`,
    async drop() {
      server.close();
      await db.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
