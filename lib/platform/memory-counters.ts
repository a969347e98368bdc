import { type Counters, keyHash, POOL_KEYS_MAX, type TryLimit } from "./try-limits";

interface Window {
  count: number;
  endsAtMs: number;
}

/**
 * Counters of this process only.
 * @param now the clock, in milliseconds
 * @param keysMax maximum keys per pool
 */
export function memoryCounters(now: () => number = Date.now, keysMax: number = POOL_KEYS_MAX): Counters {
  /** Windows of a pool have the same length, so they end in insertion order. */
  const pools = new Map<string, Map<string, Window>>();
  const hashed = keyHash(null);

  const live = (pool: string, id: string): Window | undefined => {
    const windows = pools.get(pool);
    const window = windows?.get(id);
    if (!window || window.endsAtMs > now()) return window;
    windows?.delete(id);
    return undefined;
  };
  const open = (pool: string, id: string, windowSeconds: number): Window => {
    const windows = pools.get(pool) ?? new Map<string, Window>();
    pools.set(pool, windows);
    const first = windows.size >= keysMax ? windows.keys().next().value : undefined;
    if (first !== undefined) windows.delete(first);
    const window = { count: 0, endsAtMs: now() + windowSeconds * 1000 };
    windows.set(id, window);
    return window;
  };
  const find = (limits: readonly TryLimit[]) =>
    limits.map((limit) => {
      const id = hashed(limit);
      return { ...limit, id, window: live(limit.pool, id) };
    });

  const waitMs = (found: ReturnType<typeof find>) => {
    const usedUp = found.find(({ window, max }) => (window?.count ?? 0) >= max);
    return usedUp ? Math.max(1, (usedUp.window?.endsAtMs ?? 0) - now()) : 0;
  };

  return {
    async check(limits) {
      return waitMs(find(limits));
    },
    async take(limits) {
      const found = find(limits);
      const wait = waitMs(found);
      if (wait > 0) return wait;
      for (const { window, pool, id, windowSeconds } of found) (window ?? open(pool, id, windowSeconds)).count += 1;
      return 0;
    },
    async giveBack(limits) {
      for (const { window, pool, id } of find(limits)) {
        if (window && window.count > 1) window.count -= 1;
        else pools.get(pool)?.delete(id);
      }
    },
    async clear(limits) {
      for (const { pool, id } of find(limits)) pools.get(pool)?.delete(id);
    },
  };
}
