import type { Database } from "@/lib/platform/database";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long an expired client secret stays in view, so that people see why an application stopped, in days. */
export const EXPIRED_SECRETS_KEPT_DAYS = 30;

/**
 * Removes what has expired and serves nothing any more: client secrets after 30 days; stored tokens, revocations and the like at
 * once. Consoles of one database may do it at the same time.
 * @returns how many rows were removed
 */
export async function removeExpired(db: Database, now: Date = new Date()): Promise<number> {
  const expired = { where: { expiresAt: { lt: now } } };
  const removed = [
    await db.applicationSecret.deleteMany({ where: { expiresAt: { lt: new Date(now.getTime() - EXPIRED_SECRETS_KEPT_DAYS * DAY_MS) } } }),
    await db.oidcRecord.deleteMany(expired),
    await db.revokedToken.deleteMany(expired),
    await db.endedClient.deleteMany(expired),
  ];
  return removed.reduce((sum, { count }) => sum + count, 0);
}
