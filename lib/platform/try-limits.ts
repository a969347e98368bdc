import { createHash, createHmac } from "node:crypto";

/** A bound on tries: at most `max` under this key until the window ends, which the first one opens. */
export interface TryLimit {
  /** The kind of key. Each pool has room of its own, so keys of one kind never push out those of another. Use one window a pool. */
  pool: string;
  /** Any text. It is stored hashed. */
  key: string;
  max: number;
  windowSeconds: number;
}

/** Counts tries in windows, for throttling. Memory is bounded in every implementation. */
export interface Counters {
  /**
   * Takes one try under all of the limits, or under none of them: the first one in order that is used up rejects the try, and
   * a rejected try is counted nowhere. Put the limits that a stranger can't vary first, so that made-up keys create no counters.
   * @returns the milliseconds until the window of the limit that rejected it ends; 0 when the try was counted
   */
  take(limits: readonly TryLimit[]): Promise<number>;
  /** Answers as `take` does, and counts nothing. */
  check(limits: readonly TryLimit[]): Promise<number>;
  /** Gives a counted try back under each of the limits. A window that has ended stays ended. */
  giveBack(limits: readonly TryLimit[]): Promise<void>;
  /** Ends the windows of the limits. */
  clear(limits: readonly TryLimit[]): Promise<void>;
}

/** Keys that one pool holds at once. With more, the window that ends first goes. */
export const POOL_KEYS_MAX = 50_000;

/** Makes a key's hash, which is as long for every key. */
export type KeyHash = (limit: Pick<TryLimit, "pool" | "key">) => string;

/** Hashes keys. With a secret nobody can look up whether an email address has a counter. */
export const keyHash =
  (secret: Buffer | null): KeyHash =>
  ({ pool, key }) =>
    (secret === null ? createHash("sha256") : createHmac("sha256", secret)).update(`${pool}\0${key}`).digest("base64url");
