import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { Client } from "pg";

const MIGRATIONS = join(process.cwd(), "prisma/migrations");

/** A database of one test file's own, with all migrations applied. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

async function migrate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const entries = await readdir(MIGRATIONS, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    for (const folder of folders.sort()) await client.query(await readFile(join(MIGRATIONS, folder, "migration.sql"), "utf8"));
  } finally {
    await client.end();
  }
}

async function onServer(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const run = async (statement: string) => {
    const client = new Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`CREATE DATABASE "${name}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return { url: url.href, drop: () => run(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

async function embedded(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "gatewright-pg-"));
  const db = await PGlite.create();
  const server = new PGLiteSocketServer({ db, path: join(directory, ".s.PGSQL.5432"), maxConnections: 20 });
  await server.start();
  const url = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(directory)}`;
  await migrate(url);
  return {
    url,
    async drop() {
      await server.stop();
      await db.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * A new database with the migrations applied: on the Postgres of `TEST_DATABASE_URL`,
 * whose user may create databases, or else embedded in this process.
 */
export function testDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  return serverUrl ? onServer(serverUrl) : embedded();
}
