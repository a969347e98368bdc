import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import type { StoredSecret } from "./clients";

const SECRET_BYTES = 32;
const USE_NOTED_EVERY_MS = 60_000;
const SECRETS_MAX = 20_000;

/** A new client secret: 256 random bits in `[A-Za-z0-9_-]`, which form encoding leaves as they are (RFC 6749 section 2.3.1). */
export const newClientSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

const digest = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

/** What is stored of a client secret: its SHA-256 in hex. Random secrets of 256 bits need no slow hash. */
export const hashClientSecret = (secret: string): string => digest(secret).toString("hex");

/** When this process noted the use of a secret last, by its id. */
const notes = () => singleton("client-secret-uses", () => new LRUCache<string, true>({ max: SECRETS_MAX, ttl: USE_NOTED_EVERY_MS }));

/** Notes the use of a secret, at most once a minute, and lets nobody wait for it. */
function noteUse(id: string): void {
  if (notes().has(id)) return;
  notes().set(id, true);
  database()
    .applicationSecret.updateMany({ where: { id }, data: { lastUsedAt: new Date() } })
    .catch((error: unknown) => logger().warn({ err: error }, "the use of a client secret could not be noted"));
}

/**
 * Compares a secret with every one of the application's, in constant time. Expired ones are compared too, so that the log can
 * tell an expired secret from a wrong one.
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
