import { sharedRedis } from "./redis";
import type { RedisLink } from "./redis-link";

const PREFIX = "gatewright:policy-count:";
/** A client waits for the response. */
const DEADLINE_MS = 200;

/**
 * Adds to a key's current window and returns its total, the total of the window before, and when the window ends. Where the clocks of
 * gateways differ, the latest window counts, so a slow clock never opens a former one again.
 * Keys: counter. Arguments: now and length of a window in milliseconds, amount.
 */
const ADD = `
local length = tonumber(ARGV[2])
local window = math.floor(tonumber(ARGV[1]) / length)
local stored = redis.call('HMGET', KEYS[1], 'window', 'total', 'previous')
local last = tonumber(stored[1] or '-1')
if last > window then window = last end
local total, previous = 0, 0
if last == window then total, previous = tonumber(stored[2]), tonumber(stored[3])
elseif last == window - 1 then previous = tonumber(stored[2]) end
total = total + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'window', window, 'total', total, 'previous', previous)
redis.call('PEXPIRE', KEYS[1], 2 * length)
return {total, previous, (window + 1) * length}`;

/** What policies count together on all gateways: as the gateway's port for it has it. */
export interface RedisPolicyCounters {
  /**
   * Adds a whole number to what is counted under a key, in one round trip. Rejects at once while Redis is unreachable, and after
   * 200 ms without a response. A key is forgotten after two windows without an addition.
   */
  add(key: string, amount: number, windowMs: number): Promise<{ total: number; previous: number; endsAtMs: number }>;
}

/** The counters that this process shares with the other gateways, or null when no Redis is configured. */
export function sharedPolicyCounters(): RedisPolicyCounters | null {
  const link = sharedRedis();
  return link && redisPolicyCounters(link);
}

/** Counts in Redis. @param now the clock, in milliseconds since the epoch */
export function redisPolicyCounters(link: RedisLink, now: () => number = Date.now): RedisPolicyCounters {
  const count = async (key: string, amount: number, windowMs: number) => {
    await link.whenReady();
    const counted = (await link.redis.eval(ADD, 1, PREFIX + key, now(), windowMs, amount)) as [number, number, number];
    return { total: counted[0], previous: counted[1], endsAtMs: counted[2] };
  };
  return {
    add: (...added) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no response within ${DEADLINE_MS} ms`)), DEADLINE_MS);
        count(...added)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
  };
}
