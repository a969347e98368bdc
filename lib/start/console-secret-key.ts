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
 * Returns the secret key: the given one, or that of the data directory. Generates one only for a database without secrets.
 * @returns 32 bytes in base64
 * @throws StartFailure before writing anything when the database's secrets are encrypted with another key
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
 * Stores the key check in a migrated database.
 * @throws StartFailure when another console stored one of another key
 */
export async function tieDatabaseToKey(databaseUrl: string, dataDir: string, key: string): Promise<void> {
  const path = secretKeyPath(dataDir);
  const problem = await withDatabase(databaseUrl, async (query) => {
    await writeKeyCheck(query, key);
    return findKeyProblem(query, key, path);
  });
  if (problem !== null) throw new StartFailure(problem);
}
