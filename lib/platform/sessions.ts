import { createHash, randomBytes } from "node:crypto";
import { database } from "./database";
import { environment } from "./env";
import { logger } from "./log";

/** How exact `seenAt` is, in milliseconds: a session in use is written once a minute at most. */
const SEEN_EVERY_MS = 60_000;
/** 256 bits: the id alone opens a session. */
const ID_BYTES = 32;

/** Who is signed in. */
export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");

/** The moments at which a session used last at `now` began to be too old. */
function lifetimes(now = Date.now()): { now: Date; idleSince: Date; endsAt: Date } {
  const { idleMinutes, maxMinutes } = environment().sessions;
  return { now: new Date(now), idleSince: new Date(now - idleMinutes * 60_000), endsAt: new Date(now + maxMinutes * 60_000) };
}

/**
 * Starts a session for a user who proved the password that `passwordHash` belongs to.
 * @returns the id for the cookie; the database holds its hash only
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
 * Returns whose session this is, read from the database each time, so that an ended one is over in every process at once.
 * It is null when the session was ended, was idle too long, is past its absolute lifetime, or the password changed since.
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
    // An update, so that a session that is ended at this moment stays ended. While the disk is full, people can still read.
    await database()
      .session.updateMany({ where: { idHash, seenAt: { lt: now } }, data: { seenAt: now } })
      .catch((error: unknown) => logger().warn({ err: error }, "can't record that a session is used"));
  }
  return user;
}

/** Ends one session. Ending it twice is no error. */
export async function endSession(id: string): Promise<void> {
  await database().session.deleteMany({ where: { idHash: sha256(id) } });
}

/** Deletes sessions whose idle or absolute lifetime is over. */
export async function sweepSessions(): Promise<void> {
  const { now, idleSince } = lifetimes();
  await database().session.deleteMany({ where: { OR: [{ expiresAt: { lte: now } }, { seenAt: { lte: idleSince } }] } });
}
