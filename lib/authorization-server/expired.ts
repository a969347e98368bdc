import type { Database } from "@/lib/platform/database";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long expired client secrets stay listed, in days, because they explain why an application stopped. */
export const EXPIRED_SECRET_RETENTION_DAYS = 30;

/**
 * Deletes expired rows: client secrets 30 days after they expired; tokens, revocations and other records immediately. Safe to run
 * in several consoles at once.
 * @returns the number of deleted rows
 */
export async function removeExpired(db: Database, now: Date = new Date()): Promise<number> {
  const expired = { where: { expiresAt: { lt: now } } };
  const removed = [
    await db.applicationSecret.deleteMany({
      where: { expiresAt: { lt: new Date(now.getTime() - EXPIRED_SECRET_RETENTION_DAYS * DAY_MS) } },
    }),
    await db.oidcRecord.deleteMany(expired),
    await db.revokedToken.deleteMany(expired),
    await db.endedClient.deleteMany(expired),
  ];
  return removed.reduce((sum, { count }) => sum + count, 0);
}
