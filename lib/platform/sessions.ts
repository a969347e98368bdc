import { createHash, randomBytes } from "node:crypto";
import { database } from "./database";
import { environment } from "./env";
import { logger } from "./log";

/** Resolution of `seenAt`: an active session is written at most once a minute. */
const SEEN_EVERY_MS = 60_000;
/** 256 bits, because the ID alone grants access. */
const ID_BYTES = 32;

/** A signed-in user. */
export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");

/** The limits of idle and absolute lifetime at `now`. */
function lifetimes(now = Date.now()): { now: Date; idleSince: Date; endsAt: Date } {
  const { idleMinutes, maxMinutes } = environment().sessions;
  return { now: new Date(now), idleSince: new Date(now - idleMinutes * 60_000), endsAt: new Date(now + maxMinutes * 60_000) };
}

/**
 * Starts a session after a password check against `passwordHash`.
 * @returns the ID for the cookie; the database stores only its hash
 */
export async function startSession(userId: string, passwordHash: string): Promise<string> {
  await sweepSessions();
  const id = randomBytes(ID_BYTES).toString("base64url");
  const { now, endsAt } = lifetimes();
  const data = { idHash: sha256(id), userId, passwordId: sha256(passwordHash), createdAt: now, seenAt: now, expiresAt: endsAt };
  await database().session.create({ data });
  return id;
}

/**
 * Finds the user of an active session. Not cached, so an ended session ends in every process immediately. Null when the session was
 * ended, expired, or the password changed since.
 * @throws when the database can't be read
 */
export async function liveSession(id: string): Promise<SignedInUser | null> {
  const idHash = sha256(id);
  const row = await database().session.findUnique({
    where: { idHash },
    select: {
      seenAt: true,
      expiresAt: true,
      passwordId: true,
      user: { select: { id: true, email: true, name: true, role: true, passwordHash: true } },
    },
  });
  const { now, idleSince } = lifetimes();
  if (!row || row.expiresAt <= now || row.seenAt <= idleSince) return null;
  const { passwordHash, ...user } = row.user;
  if (row.passwordId !== sha256(passwordHash)) return null;
  if (now.getTime() - row.seenAt.getTime() >= SEEN_EVERY_MS) {
    // An update can't recreate a session that ends concurrently. A full disk must not block reading.
    await database()
      .session.updateMany({ where: { idHash, seenAt: { lt: now } }, data: { seenAt: now } })
      .catch((error: unknown) => logger().warn({ err: error }, "can't record the use of a session"));
  }
  return user;
}

/** Ends one session. Idempotent. */
export async function endSession(id: string): Promise<void> {
  await database().session.deleteMany({ where: { idHash: sha256(id) } });
}

/** Deletes expired sessions. */
export async function sweepSessions(): Promise<void> {
  const { now, idleSince } = lifetimes();
  await database().session.deleteMany({ where: { OR: [{ expiresAt: { lte: now } }, { seenAt: { lte: idleSince } }] } });
}
