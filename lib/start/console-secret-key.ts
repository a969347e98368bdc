import { randomBytes } from "node:crypto";
import pg from "pg";
import { writeDurably } from "@/lib/platform/durable-file";
import { findKeyProblem, type Query, writeKeyCheck } from "@/lib/platform/secret-key-check";
import { secretKeyPath, storedSecretKey } from "@/lib/platform/secret-key-file";
import { StartFailure } from "@/lib/platform/start-failure";

async function withDatabase<T>(databaseUrl: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows);
  } finally {
    await client.end();
  }
}

/**
 * Returns the key that stored secrets are encrypted with: the one given, or the one of this data directory. A new one is
 * made only for a database without secrets.
 * @returns 32 bytes in base64
 * @throws StartFailure when the database's secrets were encrypted with another key, before anything is written
 */
export async function secretKeyFor(databaseUrl: string, dataDir: string, given: string | undefined): Promise<string> {
  const path = secretKeyPath(dataDir);
  const key = given ?? (await storedSecretKey(dataDir));
  const problem = await withDatabase(databaseUrl, (query) => findKeyProblem(query, key, path));
  if (problem !== null) throw new StartFailure(problem);
  if (key !== undefined) return key;
  const made = randomBytes(32).toString("base64");
  await writeDurably(path, `${made}\n`);
  return made;
}

/**
 * Ties a migrated database to its key.
 * @throws StartFailure when another console tied it to another key meanwhile
 */
export async function tieDatabaseToKey(databaseUrl: string, dataDir: string, key: string): Promise<void> {
  const path = secretKeyPath(dataDir);
  const problem = await withDatabase(databaseUrl, async (query) => {
    await writeKeyCheck(query, key);
    return findKeyProblem(query, key, path);
  });
  if (problem !== null) throw new StartFailure(problem);
}
