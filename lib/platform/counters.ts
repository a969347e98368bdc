import type { Redis } from "ioredis";
import { sharedRedis } from "./redis";
import { singleton } from "./singleton";

/** Counts events in a window, for throttling. */
export interface Counters {
  /** Adds events (or takes them back, when `events` is negative); the first one opens the window. Answers how many it holds now, and when it ends. */
  add(key: string, windowSeconds: number, events: number): Promise<{ count: number; endsInMs: number }>;
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
    async add(key, windowSeconds, events) {
      let window = live(key);
      if (!window) {
        const oldest = windows.size >= ENTRIES_MAX ? windows.keys().next().value : undefined;
        if (oldest !== undefined) windows.delete(oldest);
        window = { count: 0, endsAt: now() + windowSeconds * 1000 };
        windows.set(key, window);
      }
      window.count += events;
      return { count: window.count, endsInMs: window.endsAt - now() };
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
    async add(key, windowSeconds, events) {
      const answers = await redis.multi().set(name(key), 0, "EX", windowSeconds, "NX").incrby(name(key), events).pttl(name(key)).exec();
      const [, [, count] = [], [, ttl] = []] = answers ?? [];
      return { count: Number(count), endsInMs: Math.max(0, Number(ttl)) };
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
    add: (key, windowSeconds, events) => attempt((counters) => counters.add(key, windowSeconds, events)),
    clear: (key) => attempt((counters) => counters.clear(key)),
  };
}

/** This process's counters: in Redis when there is one, in memory without it or while it is away. */
export function counters(): Counters {
  return singleton("counters", () => {
    const link = sharedRedis();
    if (!link) return memoryCounters();
    return countersWithFallback(redisCounters(link.redis), memoryCounters());
  });
}
