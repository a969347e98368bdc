import type { Database, Transaction } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import type { SecretBox } from "@/lib/platform/secrets";
import { forgetServer } from "./server-records";
import { type NewSigningKey, newSigningKey } from "./signing-keys";

/** The longest that a token lives (a rule's 1,440 minutes), in seconds. */
const TOKEN_LIFE_MAX_SECONDS = 1440 * 60;
/** For clocks that differ, and for the half second in which a console may still sign with the key that it knows. */
const MARGIN_SECONDS = 5 * 60;
/** How long a key that signs no more is published: until every token that it signed has expired. */
export const PREVIOUS_KEPT_SECONDS = TOKEN_LIFE_MAX_SECONDS + MARGIN_SECONDS;
/** How often a console looks whether keys are due, in milliseconds. */
export const ROTATION_CHECK_MS = 60_000;
/** How long verifiers may keep a key set, in seconds: the `max-age` that it's published with. */
export const KEY_SET_MAX_AGE_SECONDS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;
const SLOW = { maxWait: 10_000, timeout: 15_000 } as const;

export type KeyState = "next" | "active" | "previous";

/** A signing key for people to see. Its private half is not here. */
export interface KeyView {
  kid: string;
  algorithm: string;
  state: KeyState;
  createdAt: Date;
  activatedAt: Date | null;
  /** Until when the tokens that it signed verify; null while it is next or active. */
  expiresAt: Date | null;
}

/** Two new keys: one to sign with, one to publish before it signs. */
export interface KeyPair {
  active: NewSigningKey;
  next: NewSigningKey;
}

/** An active or a next key is needed and is not deleted. */
export class KeyInUse extends Error {
  override name = "KeyInUse";

  constructor(readonly state: KeyState) {
    super(`The key is ${state}: rotate first, then what it has become can be deleted.`);
  }
}

/** The key that would sign next can't be decrypted, so it is not activated. */
export class UnreadableKey extends Error {
  override name = "UnreadableKey";

  constructor(readonly kid: string) {
    super(`The signing key ${kid} can't be decrypted with this GATEWRIGHT_SECRET_KEY. The keys are not rotated.`);
  }
}

/** @throws UnreadableKey when the private half does not open, because then nothing could be signed with it */
function requireReadable(box: SecretBox, key: { kid: string; serverId: string; privateCiphertext: string }): void {
  try {
    box.open(key.privateCiphertext, key.serverId);
  } catch {
    throw new UnreadableKey(key.kid);
  }
}

/** The next key is too new: a verifier may still hold a key set without it. */
export class RotatedJustNow extends Error {
  override name = "RotatedJustNow";

  constructor(readonly possibleAt: Date) {
    super(`The next key isn't known to all verifiers before ${possibleAt.toISOString()}.`);
  }
}

/** Makes the keys of a server outside of any transaction, because it takes time. */
export async function newKeyPair(box: SecretBox, serverId: string): Promise<KeyPair> {
  const [active, next] = await Promise.all([newSigningKey(box, serverId), newSigningKey(box, serverId)]);
  return { active, next };
}

/** Lets one transaction at a time change a server's keys. @returns whether there is such a server */
async function lockServer(tx: Transaction, serverId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "AuthorizationServer" WHERE "id" = ${serverId} FOR UPDATE`;
  return rows.length === 1;
}

const keysIn = (tx: Transaction, serverId: string, state: KeyState) =>
  tx.signingKey.findMany({ where: { serverId, state }, orderBy: [{ createdAt: "desc" }, { kid: "asc" }] });

/**
 * Gives a server the active and the next key that it lacks. A next key that is there becomes active before a new one does,
 * because verifiers know it already.
 * @throws UnreadableKey when that one can't be decrypted
 */
export async function addMissingKeys(tx: Transaction, box: SecretBox, serverId: string, { active, next }: KeyPair): Promise<void> {
  if (!(await lockServer(tx, serverId))) return;
  const waiting = await keysIn(tx, serverId, "next");
  // Keys that are made together are published together: that tells them from a next key that came later.
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

/** Gives every server the keys that it lacks: servers of the time before there were next keys have none. */
export async function ensureKeys(db: Database, box: SecretBox): Promise<void> {
  const lacking = await db.authorizationServer.findMany({
    where: { OR: [{ keys: { none: { state: "active" } } }, { keys: { none: { state: "next" } } }] },
    select: { id: true },
  });
  for (const { id } of lacking) {
    const keys = await newKeyPair(box, id);
    await db
      .$transaction((tx) => addMissingKeys(tx, box, id, keys), SLOW)
      .catch((error: unknown) => {
        if (!(error instanceof UnreadableKey)) throw error;
        logger().error({ server: id, kid: error.kid }, "the next signing key can't be decrypted; the server has no active key");
      });
    forgetServer(id);
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
 * When the next key may sign at the earliest. A key set from before it was published may be kept for its `max-age`; there is none
 * where all keys were published together.
 */
async function possibleAt(tx: Transaction, serverId: string): Promise<Date> {
  const [next] = await keysIn(tx, serverId, "next");
  const [active] = await keysIn(tx, serverId, "active");
  if (!next || !active || active.createdAt >= next.createdAt) return new Date(0);
  return new Date(next.createdAt.getTime() + KEY_SET_MAX_AGE_SECONDS * 1000);
}

/**
 * Makes active previous, next active and a new key next. Only when the active key is at least as old as `dueBefore`, if that is given.
 * @throws RotatedJustNow
 */
async function rotate(db: Database, box: SecretBox, serverId: string, dueBefore?: Date): Promise<boolean> {
  const fresh = await newKeyPair(box, serverId);
  const rotated = await db.$transaction(async (tx) => {
    if (!(await lockServer(tx, serverId))) return false;
    const current = await keysIn(tx, serverId, "active");
    if (dueBefore && current.some((key) => (key.activatedAt ?? key.createdAt) > dueBefore)) return false;
    const earliest = await possibleAt(tx, serverId);
    if (earliest.getTime() > Date.now()) throw new RotatedJustNow(earliest);
    await tx.signingKey.updateMany({
      where: { serverId, state: "active" },
      data: { state: "previous", expiresAt: new Date(Date.now() + PREVIOUS_KEPT_SECONDS * 1000) },
    });
    await addMissingKeys(tx, box, serverId, fresh);
    return true;
  }, SLOW);
  forgetServer(serverId);
  return rotated;
}

/**
 * Rotates a server's keys now: what was published as next signs from now on, and what signed verifies until its tokens have
 * expired. Private keys never leave the database unencrypted.
 * @throws UnreadableKey, and RotatedJustNow within the key set's `max-age` of the last rotation; nothing is changed then
 */
export async function rotateKeys(db: Database, box: SecretBox, serverId: string): Promise<void> {
  await rotate(db, box, serverId);
}

/**
 * Deletes a previous key: the tokens that it signed are refused from then on.
 * @returns whether there was one
 * @throws KeyInUse for an active or a next key
 */
export async function deleteKey(db: Database | Transaction, serverId: string, kid: string): Promise<boolean> {
  const key = await db.signingKey.findFirst({ where: { serverId, kid }, select: { state: true } });
  if (!key) return false;
  // The state is a condition of the statement too, so that no other state can slip in between.
  const { count } = await db.signingKey.deleteMany({ where: { serverId, kid, state: "previous" } });
  if (count === 0) throw new KeyInUse(key.state === "next" ? "next" : "active");
  forgetServer(serverId);
  return true;
}

/**
 * Rotates the keys of every server whose active key is older than its `rotationDays`, and deletes previous keys whose time
 * is over. Any number of consoles may call it at once: each server is rotated once.
 * @returns the ids of the servers that were rotated here
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
    logger().info({ server: id }, "the signing keys were rotated on schedule");
    rotated.push(id);
  }
  return rotated;
}

/** Rotates one server on schedule; a key that can't be decrypted holds up this server alone. */
async function rotateIfReadable(db: Database, box: SecretBox, serverId: string, dueBefore: Date): Promise<boolean> {
  try {
    return await rotate(db, box, serverId, dueBefore);
  } catch (error) {
    // The next look comes in a minute.
    if (error instanceof RotatedJustNow) return false;
    if (!(error instanceof UnreadableKey)) throw error;
    logger().error({ server: serverId, kid: error.kid }, "the next signing key can't be decrypted; the keys are not rotated");
    return false;
  }
}
