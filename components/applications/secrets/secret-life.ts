import type { ApplicationView } from "@/lib/management/contract/authorization";

type Secret = ApplicationView["secrets"][number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days before expiry from which the console warns. */
const SOON_DAYS = 14;

/** A secret's state and remaining lifetime in words. */
export interface SecretLife {
  state: "lasting" | "soon" | "expired";
  words: string;
}

/** Returns a secret's remaining lifetime at `now` (milliseconds since 1970). */
export function secretLife({ expiresAt }: Pick<Secret, "expiresAt">, now: number): SecretLife {
  if (expiresAt === null) return { state: "lasting", words: "Never" };
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return { state: "expired", words: "Expired" };
  const days = Math.floor(left / DAY_MS);
  const hours = Math.floor(left / HOUR_MS);
  const words = days > 0 ? `in ${days} day${days === 1 ? "" : "s"}` : hours > 0 ? `in ${hours} h` : "in less than an hour";
  return { state: days < SOON_DAYS ? "soon" : "lasting", words };
}

/** Returns the secrets that haven't expired at `now`: at most two per application. */
export const workingSecrets = (secrets: readonly Secret[], now: number): Secret[] =>
  secrets.filter((secret) => secretLife(secret, now).state !== "expired");
