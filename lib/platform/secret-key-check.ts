import { secretBox, secretKeyId } from "./secrets";

/** Runs one statement. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

const ROW = "secret-key";
const KNOWN_VALUE = "gatewright";

/** The oldest thing that is encrypted, for databases that have no check yet; what was written with another key later does not count. */
const OLDEST = [
  {
    table: "SigningKey",
    statement: 'SELECT "privateCiphertext" AS sealed, "serverId" AS owner FROM "SigningKey" ORDER BY "createdAt" LIMIT 1',
  },
  { table: "Secret", statement: 'SELECT "ciphertext" AS sealed, "ownerId" AS owner FROM "Secret" ORDER BY "createdAt" LIMIT 1' },
] as const;

/** Something that is stored encrypted, and whom it belongs to. */
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
 * Returns why a console may not start with this key on this database; null when it may. It writes nothing, and works before the
 * first migration: a database without a check is judged by its oldest secret.
 */
export async function findKeyProblem(query: Query, key: string | undefined, keyPath: string): Promise<string | null> {
  return problemOf((await storedCheck(query)) ?? (await oldestSecret(query)), key, keyPath);
}

/** The same for a gateway, which goes by the console's check alone: it writes nothing, and serves what needs no secret. */
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
 * Stores a known value encrypted with this key, unless there is one: from now on the database knows its key. Of two consoles
 * that start on an empty database at once with different keys, the second finds that its key is wrong.
 */
export async function writeKeyCheck(query: Query, key: string): Promise<void> {
  await query('INSERT INTO "SecretKeyCheck" ("id", "ciphertext") VALUES ($1, $2) ON CONFLICT ("id") DO NOTHING', [
    ROW,
    secretBox(key).seal(KNOWN_VALUE, ROW),
  ]);
}
