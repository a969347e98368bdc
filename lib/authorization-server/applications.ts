import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import type { StoredSecret } from "./clients";

const SECRET_BYTES = 32;
const USE_NOTED_EVERY_MS = 60_000;
const SECRETS_MAX = 20_000;

/** A new client secret: 256 random bits in `[A-Za-z0-9_-]`, which form encoding leaves unchanged (RFC 6749, 2.3.1). */
export const newClientSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

const digest = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

/** Hashes a client secret for storage: SHA-256 in hex. A random 256-bit secret needs no slow hash. */
export const hashClientSecret = (secret: string): string => digest(secret).toString("hex");

/** The secrets whose use this process recorded in the last minute, by ID. */
const notes = () => singleton("client-secret-uses", () => new LRUCache<string, true>({ max: SECRETS_MAX, ttl: USE_NOTED_EVERY_MS }));

/** Records the use of a secret in the background, at most once a minute. */
function noteUse(id: string): void {
  if (notes().has(id)) return;
  notes().set(id, true);
  database()
    .applicationSecret.updateMany({ where: { id }, data: { lastUsedAt: new Date() } })
    .catch((error: unknown) => logger().warn({ err: error }, "can't record the use of a client secret"));
}

/**
 * Compares a secret with all secrets of the application in constant time. It includes expired ones, which the log reports
 * separately.
 */
export function verifyClientSecret(secrets: readonly StoredSecret[], secret: string): "right" | "expired" | "wrong" {
  const given = digest(secret);
  const matching = secrets.filter(({ sha256 }) => {
    const expected = Buffer.from(sha256, "hex");
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  const live = matching.filter(({ expiresAt }) => expiresAt === null || expiresAt > Date.now());
  for (const { id } of live) noteUse(id);
  if (live.length) return "right";
  return matching.length ? "expired" : "wrong";
}
