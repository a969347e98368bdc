import type { Database, Transaction } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import type { SecretBox } from "@/lib/platform/secrets";
import { inKeyQueue } from "./key-queue";
import { invalidateServer } from "./server-records";
import { type NewSigningKey, newSigningKey } from "./signing-keys";

/** Maximum token lifetime (1,440 minutes in a rule). */
const TOKEN_LIFE_MAX_SECONDS = 1440 * 60;
/** Margin for clock differences and for consoles that still sign with a cached key for 500 ms. */
const MARGIN_SECONDS = 5 * 60;
/** How long a previous key stays published: until every token that it signed has expired. */
export const PREVIOUS_KEY_RETENTION_SECONDS = TOKEN_LIFE_MAX_SECONDS + MARGIN_SECONDS;
/** Interval of the check for due rotations. */
export const ROTATION_CHECK_MS = 60_000;
/** The `max-age` of the published key set. */
export const KEY_SET_MAX_AGE_SECONDS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;
const SLOW = { maxWait: 10_000, timeout: 15_000 } as const;

export type KeyState = "next" | "active" | "previous";

/** A signing key without its private half. */
export interface KeyView {
  kid: string;
  algorithm: string;
  state: KeyState;
  createdAt: Date;
  activatedAt: Date | null;
  /** When a previous key is deleted; null for the next and active key. */
  expiresAt: Date | null;
}

/** A new active key and a next one, which is published before it signs. */
export interface KeyPair {
  active: NewSigningKey;
  next: NewSigningKey;
}

/** An active or next key can't be deleted. */
export class KeyInUse extends Error {
  override name = "KeyInUse";

  constructor(readonly state: KeyState) {
    super(`The key is ${state}. Rotate the keys until it's previous, then delete it.`);
  }
}

/** The next key can't be decrypted, so it isn't activated. */
export class UnreadableKey extends Error {
  override name = "UnreadableKey";

  constructor(readonly kid: string) {
    super(`The signing key ${kid} can't be decrypted with this GATEWRIGHT_SECRET_KEY. The keys weren't rotated.`);
  }
}

/** @throws UnreadableKey when the private half can't be decrypted */
function requireReadable(box: SecretBox, key: { kid: string; serverId: string; privateCiphertext: string }): void {
  try {
    box.open(key.privateCiphertext, key.serverId);
  } catch {
    throw new UnreadableKey(key.kid);
  }
}

/** The next key is too new: a verifier may have cached a key set without it. */
export class RotatedJustNow extends Error {
  override name = "RotatedJustNow";

  constructor(readonly possibleAt: Date) {
    super(`Verifiers may have cached the key set without the next key. Rotate again after ${possibleAt.toISOString()}.`);
  }
}

/** Generates a server's keys. Slow: call it outside of transactions, in the key queue. */
export async function newKeyPair(box: SecretBox, serverId: string): Promise<KeyPair> {
  return { active: await newSigningKey(box, serverId), next: await newSigningKey(box, serverId) };
}

/** Locks a server's row, so that one transaction at a time changes its keys. @returns whether the server exists */
async function lockServer(tx: Transaction, serverId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "AuthorizationServer" WHERE "id" = ${serverId} FOR UPDATE`;
  return rows.length === 1;
}

const keysIn = (tx: Database | Transaction, serverId: string, state: KeyState) =>
  tx.signingKey.findMany({ where: { serverId, state }, orderBy: [{ createdAt: "desc" }, { kid: "asc" }] });

/**
 * Adds a missing active or next key. An existing next key becomes active first, because verifiers already know it.
 * @throws UnreadableKey when the existing next key can't be decrypted
 */
export async function addMissingKeys(tx: Transaction, box: SecretBox, serverId: string, { active, next }: KeyPair): Promise<void> {
  if (!(await lockServer(tx, serverId))) return;
  const waiting = await keysIn(tx, serverId, "next");
  // Equal times mark keys that were published together; see `possibleAt`.
  const createdAt = new Date();
  if ((await keysIn(tx, serverId, "active")).length === 0) {
    const promoted = waiting.shift();
    if (promoted) requireReadable(box, promoted);
    const activation = { state: "active", activatedAt: new Date() };
    if (promoted) await tx.signingKey.update({ where: { kid: promoted.kid }, data: activation });
    else await tx.signingKey.create({ data: { ...active, serverId, createdAt, ...activation } });
  }
  if (waiting.length === 0) await tx.signingKey.create({ data: { ...next, serverId, createdAt, state: "next" } });
}

/** Adds missing keys to every server. Servers from older versions lack a next key. */
export async function ensureKeys(db: Database, box: SecretBox): Promise<void> {
  const lacking = await db.authorizationServer.findMany({
    where: { OR: [{ keys: { none: { state: "active" } } }, { keys: { none: { state: "next" } } }] },
    select: { id: true },
  });
  for (const { id } of lacking) {
    await inKeyQueue(async () => {
      const keys = await newKeyPair(box, id);
      await db.$transaction((tx) => addMissingKeys(tx, box, id, keys), SLOW);
    }).catch((error: unknown) => {
      if (!(error instanceof UnreadableKey)) throw error;
      logger().error({ server: id, kid: error.kid }, "can't decrypt the next signing key; the server has no active key");
    });
    invalidateServer(id);
  }
}

/** The signing keys of a server: next, active, then the previous ones, newest first. */
export async function listKeys(db: Database | Transaction, serverId: string): Promise<KeyView[]> {
  const order: readonly KeyState[] = ["next", "active", "previous"];
  const rows = await db.signingKey.findMany({
    where: { serverId },
    orderBy: [{ createdAt: "desc" }, { kid: "asc" }],
    select: { kid: true, algorithm: true, state: true, createdAt: true, activatedAt: true, expiresAt: true },
  });
  return order.flatMap((state) => rows.filter((row) => row.state === state).map((row) => ({ ...row, state })));
}

/**
 * The earliest time at which the next key may sign: verifiers may cache an older key set for `max-age`. No wait when all keys were
 * published together.
 */
async function possibleAt(tx: Database | Transaction, serverId: string): Promise<Date> {
  const [next] = await keysIn(tx, serverId, "next");
  const [active] = await keysIn(tx, serverId, "active");
  if (!next || !active || active.createdAt >= next.createdAt) return new Date(0);
  return new Date(next.createdAt.getTime() + KEY_SET_MAX_AGE_SECONDS * 1000);
}

/** Whether a server's keys can rotate now. With `dueBefore`, only if the active key is that old. @throws RotatedJustNow */
async function canRotate(tx: Database | Transaction, serverId: string, dueBefore: Date | undefined): Promise<boolean> {
  const current = await keysIn(tx, serverId, "active");
  if (dueBefore && current.some((key) => (key.activatedAt ?? key.createdAt) > dueBefore)) return false;
  const earliest = await possibleAt(tx, serverId);
  if (earliest.getTime() > Date.now()) throw new RotatedJustNow(earliest);
  return true;
}

/**
 * Makes the active key previous, the next key active and a new key next. With `dueBefore`, only if the active key is that old.
 * Generates keys only if it can use them.
 * @throws UnreadableKey, RotatedJustNow
 */
async function rotate(db: Database, box: SecretBox, serverId: string, dueBefore?: Date): Promise<boolean> {
  const rotated = await inKeyQueue(() => rotateNow(db, box, serverId, dueBefore));
  invalidateServer(serverId);
  return rotated;
}

async function rotateNow(db: Database, box: SecretBox, serverId: string, dueBefore: Date | undefined): Promise<boolean> {
  const exists = await db.authorizationServer.findUnique({ where: { id: serverId }, select: { id: true } });
  if (!exists || !(await canRotate(db, serverId, dueBefore))) return false;
  const fresh = await newKeyPair(box, serverId);
  return db.$transaction(async (tx) => {
    if (!(await lockServer(tx, serverId)) || !(await canRotate(tx, serverId, dueBefore))) return false;
    await tx.signingKey.updateMany({
      where: { serverId, state: "active" },
      data: { state: "previous", expiresAt: new Date(Date.now() + PREVIOUS_KEY_RETENTION_SECONDS * 1000) },
    });
    await addMissingKeys(tx, box, serverId, fresh);
    return true;
  }, SLOW);
}

/**
 * Rotates a server's keys now. The previous key verifies until its tokens have expired.
 * @throws UnreadableKey, and RotatedJustNow within the key set's `max-age` of the last rotation; neither changes anything
 */
export async function rotateKeys(db: Database, box: SecretBox, serverId: string): Promise<void> {
  await rotate(db, box, serverId);
}

/**
 * Deletes a previous key: gateways reject its tokens from then on.
 * @returns whether it existed
 * @throws KeyInUse for an active or a next key
 */
export async function deleteKey(db: Database | Transaction, serverId: string, kid: string): Promise<boolean> {
  const key = await db.signingKey.findFirst({ where: { serverId, kid }, select: { state: true } });
  if (!key) return false;
  // The state is part of the statement, because it may change after the read.
  const { count } = await db.signingKey.deleteMany({ where: { serverId, kid, state: "previous" } });
  if (count === 0) throw new KeyInUse(key.state === "next" ? "next" : "active");
  invalidateServer(serverId);
  return true;
}

/**
 * Rotates every server whose active key is older than its `rotationDays`, and deletes expired previous keys. Safe to run in
 * several consoles at once: each server is rotated once.
 * @returns the IDs of the servers that this call rotated
 */
export async function rotateDueKeys(db: Database, box: SecretBox): Promise<string[]> {
  await db.signingKey.deleteMany({ where: { state: "previous", expiresAt: { lt: new Date() } } });
  const scheduled = await db.authorizationServer.findMany({
    where: { rotationDays: { not: null } },
    select: { id: true, rotationDays: true, keys: { where: { state: "active" }, select: { createdAt: true, activatedAt: true } } },
  });
  const rotated: string[] = [];
  for (const { id, rotationDays, keys } of scheduled) {
    const dueBefore = new Date(Date.now() - (rotationDays ?? 0) * DAY_MS);
    const isDue = rotationDays !== null && keys.every((key) => (key.activatedAt ?? key.createdAt) <= dueBefore);
    if (!isDue || !(await rotateIfReadable(db, box, id, dueBefore))) continue;
    logger().info({ server: id }, "rotated the signing keys on schedule");
    rotated.push(id);
  }
  return rotated;
}

/** Rotates one server on schedule. An undecryptable key affects this server only. */
async function rotateIfReadable(db: Database, box: SecretBox, serverId: string, dueBefore: Date): Promise<boolean> {
  try {
    return await rotate(db, box, serverId, dueBefore);
  } catch (error) {
    // The next check retries it.
    if (error instanceof RotatedJustNow) return false;
    if (!(error instanceof UnreadableKey)) throw error;
    logger().error({ server: serverId, kid: error.kid }, "can't decrypt the next signing key; the keys weren't rotated");
    return false;
  }
}
