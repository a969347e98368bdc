import { LRUCache } from "lru-cache";
import type { Counters } from "../ports";

/** The least recently used key beyond this number is evicted. */
const KEYS_MAX = 100_000;

interface Window {
  total: number;
  previous: number;
  endsAtMs: number;
}

/** Counters of this process; `add` is synchronous. */
export interface LocalCounters extends Counters {
  add(key: string, amount: number, windowMs: number): Window;
}

/**
 * Creates in-memory counters.
 * @param now the clock, in milliseconds since the epoch
 */
export function localCounters(now: () => number, keysMax: number = KEYS_MAX): LocalCounters {
  const windows = new LRUCache<string, Window>({ max: keysMax });
  return {
    add(key, amount, windowMs) {
      const at = now();
      const known = windows.get(key);
      if (known === undefined) {
        const opened = { total: amount, previous: 0, endsAtMs: (Math.floor(at / windowMs) + 1) * windowMs };
        windows.set(key, opened);
        return opened;
      }
      if (at >= known.endsAtMs) {
        known.previous = at < known.endsAtMs + windowMs ? known.total : 0;
        known.total = 0;
        known.endsAtMs = (Math.floor(at / windowMs) + 1) * windowMs;
      }
      known.total += amount;
      return known;
    },
  };
}
