import { createHash, createHmac } from "node:crypto";

/** A limit of `max` attempts per key and window. The first attempt starts the window. */
export interface TryLimit {
  /** The kind of key. Pools have separate capacity, so keys of one never evict those of another. Use one window length per pool. */
  pool: string;
  /** Any text. Stored as a hash. */
  key: string;
  max: number;
  windowSeconds: number;
}

/** Counts attempts in windows, for throttling. Memory is bounded. */
export interface Counters {
  /**
   * Counts an attempt under all limits or none: the first exhausted limit rejects it. Put limits that a client can't vary first, so
   * invented keys create no counters.
   * @returns the milliseconds until the rejecting limit's window ends; 0 when the attempt was counted
   */
  take(limits: readonly TryLimit[]): Promise<number>;
  /** Like `take`, without counting. */
  check(limits: readonly TryLimit[]): Promise<number>;
  /** Uncounts an attempt under each limit. An ended window stays ended. */
  giveBack(limits: readonly TryLimit[]): Promise<void>;
  /** Resets the limits. */
  clear(limits: readonly TryLimit[]): Promise<void>;
}

/** Maximum keys per pool. Beyond it, the window that ends first is evicted. */
export const POOL_KEYS_MAX = 50_000;

/** Hashes a key to a fixed length. */
export type KeyHash = (limit: Pick<TryLimit, "pool" | "key">) => string;

/** Creates a key hash. A secret prevents lookups of whether an email address has a counter. */
export const keyHash =
  (secret: Buffer | null): KeyHash =>
  ({ pool, key }) =>
    (secret === null ? createHash("sha256") : createHmac("sha256", secret)).update(`${pool}\0${key}`).digest("base64url");
