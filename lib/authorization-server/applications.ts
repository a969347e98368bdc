import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";

const SECRET_BYTES = 32;
const USE_NOTED_EVERY_MS = 60_000;

/** A new client secret: 256 random bits in `[A-Za-z0-9_-]`, which form encoding leaves as they are (RFC 6749 section 2.3.1). */
export const newClientSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

const digest = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

/** What is stored of a client secret: its SHA-256 in hex. Random secrets of 256 bits need no slow hash. */
export const hashClientSecret = (secret: string): string => digest(secret).toString("hex");

/** Notes the use of a secret, at most once a minute, and lets nobody wait for it. */
function noteUse(secret: { id: string; lastUsedAt: Date | null }): void {
  const now = new Date();
  if (secret.lastUsedAt && now.getTime() - secret.lastUsedAt.getTime() < USE_NOTED_EVERY_MS) return;
  database()
    .applicationSecret.updateMany({ where: { id: secret.id }, data: { lastUsedAt: now } })
    .catch((error: unknown) => logger().warn({ err: error }, "the use of a client secret could not be noted"));
}

/** Whether this is one of the application's client secrets; compares with every one of them in constant time. */
export async function verifyClientSecret(applicationId: string, secret: string): Promise<boolean> {
  const stored = await database().applicationSecret.findMany({
    where: { applicationId },
    select: { id: true, sha256: true, lastUsedAt: true },
  });
  const given = digest(secret);
  const matching = stored.filter((candidate) => {
    const expected = Buffer.from(candidate.sha256, "hex");
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  for (const match of matching) noteUse(match);
  return matching.length > 0;
}
