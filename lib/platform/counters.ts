import { Redis } from "ioredis";
import { environment } from "./env";
import { singleton } from "./singleton";

/** Counts events in a window, for throttling. */
export interface Counters {
  /** How many events the running window holds, and when it ends (milliseconds from now; 0 when it holds none). */
  read(key: string): Promise<{ count: number; endsInMs: number }>;
  /** Adds one event; the first one opens the window. */
  add(key: string, windowSeconds: number): Promise<void>;
  clear(key: string): Promise<void>;
}

const ENTRIES_MAX = 50_000;

/** Counters of this process alone. Bounded: when it is full the oldest window goes. */
export function memoryCounters(now: () => number = Date.now): Counters {
  const windows = new Map<string, { count: number; endsAt: number }>();
  const live = (key: string) => {
    const window = windows.get(key);
    if (window && window.endsAt > now()) return window;
    windows.delete(key);
    return undefined;
  };
  return {
    async read(key) {
      const window = live(key);
      return window ? { count: window.count, endsInMs: window.endsAt - now() } : { count: 0, endsInMs: 0 };
    },
    async add(key, windowSeconds) {
      const window = live(key);
      if (window) {
        window.count += 1;
        return;
      }
      const oldest = windows.size >= ENTRIES_MAX ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
      windows.set(key, { count: 1, endsAt: now() + windowSeconds * 1000 });
    },
    async clear(key) {
      windows.delete(key);
    },
  };
}

/** Counters that all processes on one Redis share. */
export function redisCounters(redis: Redis): Counters {
  const name = (key: string) => `gatewright:count:${key}`;
  return {
    async read(key) {
      const [[, count], [, ttl]] = (await redis.multi().get(name(key)).pttl(name(key)).exec()) as [[unknown, string | null], [unknown, number]];
      return { count: Number(count ?? 0), endsInMs: Math.max(0, ttl) };
    },
    async add(key, windowSeconds) {
      await redis.multi().set(name(key), 0, "EX", windowSeconds, "NX").incr(name(key)).exec();
    },
    async clear(key) {
      await redis.del(name(key));
    },
  };
}

/** Uses the first counters, and the second ones whenever the first fail. */
export function countersWithFallback(first: Counters, second: Counters): Counters {
  const attempt = <T>(run: (counters: Counters) => Promise<T>) => run(first).catch(() => run(second));
  return {
    read: (key) => attempt((counters) => counters.read(key)),
    add: (key, windowSeconds) => attempt((counters) => counters.add(key, windowSeconds)),
    clear: (key) => attempt((counters) => counters.clear(key)),
  };
}

/** This process's counters: in Redis when there is one, in memory without it or while it is away. */
export function counters(): Counters {
  return singleton("counters", () => {
    const { redisUrl } = environment();
    if (!redisUrl) return memoryCounters();
    const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, commandTimeout: 1000, enableOfflineQueue: false });
    // Without a listener an error event ends the process; the fallback is what handles it.
    redis.on("error", () => undefined);
    return countersWithFallback(redisCounters(redis), memoryCounters());
  });
}
