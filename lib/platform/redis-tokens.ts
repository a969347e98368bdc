import { randomUUID } from "node:crypto";
import type { RedisLink } from "./redis-link";

const PREFIX = "gatewright:token:";
/** Longer than any lock, so a previous holder's fencing number is always lower. */
const FENCE_TTL_MS = 3_600_000;
const SCAN_COUNT = 1000;

/**
 * Acquires the lock and returns its fencing number, which is above that of every lock of the last hour and of the stored value.
 * Keys: lock, fence, value. Arguments: holder, lock TTL, fence TTL.
 */
const LOCK = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
local drawn = tonumber(redis.call('GET', KEYS[2]) or '0')
local kept = tonumber(string.match(redis.call('GET', KEYS[3]) or '', '^(%d+) ') or '0')
local fence = math.max(drawn, kept) + 1
redis.call('SET', KEYS[2], string.format('%d', fence), 'PX', ARGV[3])
return fence`;

/** Keys: value. Arguments: fencing number, encrypted value, TTL. */
const SET = `
local kept = tonumber(string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) ') or '0')
if kept > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1`;

/** Keys: lock. Arguments: holder. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Shared backend tokens; implements the gateway's port. Callers encrypt the values. */
export interface RedisTokens {
  get(key: string): Promise<string | null>;
  /** Writes unless a higher fencing number has written this key; returns whether it wrote. */
  set(key: string, value: string, ttlMs: number, fence: number): Promise<boolean>;
  /** Null while another process holds it. It expires after `ttlMs`. */
  lock(key: string, ttlMs: number): Promise<{ readonly fence: number; release(): Promise<void> } | null>;
  delete(key: string): Promise<void>;
}

/**
 * Tokens in Redis under expiring keys with the prefix `gatewright:token:`. Every function rejects immediately with the reason while
 * Redis is unreachable.
 */
export function redisTokens(link: RedisLink): RedisTokens {
  const { redis } = link;
  const valueKey = (key: string) => `${PREFIX}${key}`;
  const lockKey = (key: string) => `${PREFIX}${key}:lock`;
  const fenceKey = (key: string) => `${PREFIX}${key}:fence`;
  const run = async <T>(command: () => Promise<T>): Promise<T> => {
    await link.whenReady();
    try {
      return await command();
    } catch (error) {
      // The disconnect reason is more useful than the command's error.
      throw new Error(link.unreachable() ?? (error instanceof Error ? error.message : String(error)));
    }
  };
  return {
    async get(key) {
      const text = await run(() => redis.get(valueKey(key)));
      return text === null ? null : text.slice(text.indexOf(" ") + 1);
    },
    async set(key, value, ttlMs, fence) {
      return (await run(() => redis.eval(SET, 1, valueKey(key), fence, value, ttlMs))) === 1;
    },
    async lock(key, ttlMs) {
      const holder = randomUUID();
      const fence = await run(() => redis.eval(LOCK, 3, lockKey(key), fenceKey(key), valueKey(key), holder, ttlMs, FENCE_TTL_MS));
      if (typeof fence !== "number") return null;
      return {
        fence,
        async release() {
          await run(() => redis.eval(RELEASE, 1, lockKey(key), holder));
        },
      };
    },
    async delete(key) {
      await run(() => redis.unlink(valueKey(key)));
    },
  };
}

/**
 * Deletes all tokens of an owner, for example an API, with the non-blocking `SCAN`. Concurrently written tokens may stay until they
 * expire.
 */
export async function deleteRedisTokens(link: RedisLink, owner: string): Promise<void> {
  await link.whenReady();
  const pattern = `${PREFIX}${owner.replace(/[\\*?[\]]/g, "\\$&")}*`;
  let cursor = "0";
  do {
    const [next, keys] = await link.redis.scan(cursor, "MATCH", pattern, "COUNT", SCAN_COUNT);
    if (keys.length > 0) await link.redis.unlink(keys);
    cursor = next;
  } while (cursor !== "0");
}
