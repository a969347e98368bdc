import { secretBox, secretKeyId } from "./secrets";

/** Runs one statement. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

const ROW = "secret-key";
const KNOWN_VALUE = "gatewright";

/** Queries for the oldest encrypted value, for databases without a check. Later values may use a wrong key. */
const OLDEST = [
  {
    table: "SigningKey",
    statement: 'SELECT "privateCiphertext" AS sealed, "serverId" AS owner FROM "SigningKey" ORDER BY "createdAt" LIMIT 1',
  },
  { table: "Secret", statement: 'SELECT "ciphertext" AS sealed, "ownerId" AS owner FROM "Secret" ORDER BY "createdAt" LIMIT 1' },
] as const;

/** An encrypted value with its owner. */
interface Sealed {
  sealed: string;
  owner: string;
}

async function hasTable(query: Query, table: string): Promise<boolean> {
  const [row] = await query("SELECT to_regclass($1) IS NOT NULL AS found", [`"${table}"`]);
  return row?.found === true;
}

async function storedCheck(query: Query): Promise<Sealed | null> {
  if (!(await hasTable(query, "SecretKeyCheck"))) return null;
  const [row] = await query('SELECT "ciphertext" AS sealed FROM "SecretKeyCheck" WHERE "id" = $1', [ROW]);
  return typeof row?.sealed === "string" ? { sealed: row.sealed, owner: ROW } : null;
}

async function oldestSecret(query: Query): Promise<Sealed | null> {
  for (const { table, statement } of OLDEST) {
    if (!(await hasTable(query, table))) continue;
    const [row] = await query(statement);
    if (typeof row?.sealed === "string" && typeof row.owner === "string") return { sealed: row.sealed, owner: row.owner };
  }
  return null;
}

function opens(key: string, { sealed, owner }: Sealed): boolean {
  try {
    secretBox(key).open(sealed, owner);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns why a console can't start with this key on this database; otherwise null. Read-only, also before the first migration: a
 * database without a check is tested with its oldest secret.
 */
export async function findKeyProblem(query: Query, key: string | undefined, keyPath: string): Promise<string | null> {
  return problemOf((await storedCheck(query)) ?? (await oldestSecret(query)), key, keyPath);
}

/** The same for a gateway, which uses only the console's check and can serve APIs without secrets. */
export async function findGatewayKeyProblem(query: Query, key: string, keyPath: string): Promise<string | null> {
  return problemOf(await storedCheck(query), key, keyPath);
}

function problemOf(found: Sealed | null, key: string | undefined, keyPath: string): string | null {
  if (found === null || (key !== undefined && opens(key, found))) return null;
  const [databaseKeyId = ""] = found.sealed.split(".");
  if (key === undefined)
    return `Secret key missing. This database holds secrets encrypted with key ${databaseKeyId}. Set GATEWRIGHT_SECRET_KEY to that key, or restore ${keyPath} from a backup.`;
  return `Wrong secret key: this database's secrets are encrypted with key ${databaseKeyId}, and this is key ${secretKeyId(key)}. Set GATEWRIGHT_SECRET_KEY to the database's key, or restore ${keyPath} from a backup.`;
}

/**
 * Stores a known value encrypted with this key, unless the database has one. Of two consoles that start with different keys, the
 * second fails the check.
 */
export async function writeKeyCheck(query: Query, key: string): Promise<void> {
  await query('INSERT INTO "SecretKeyCheck" ("id", "ciphertext") VALUES ($1, $2) ON CONFLICT ("id") DO NOTHING', [
    ROW,
    secretBox(key).seal(KNOWN_VALUE, ROW),
  ]);
}
