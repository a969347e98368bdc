import { randomUUID } from "node:crypto";
import type { RedisLink } from "./redis-link";

const PREFIX = "gatewright:token:";
/** Longer than any lock lives: who held one before can never be mistaken for who holds it now. */
const FENCE_TTL_MS = 3_600_000;
const SCAN_COUNT = 1000;

/**
 * Takes the lock and draws its number. The number is above that of every lock of the last hour and above that of the value
 * that is kept, so that no number has to be remembered for as long as a token lives.
 * Keys: lock, fence, value. Arguments: who, how long, how long the number is remembered.
 */
const LOCK = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
local drawn = tonumber(redis.call('GET', KEYS[2]) or '0')
local kept = tonumber(string.match(redis.call('GET', KEYS[3]) or '', '^(%d+) ') or '0')
local fence = math.max(drawn, kept) + 1
redis.call('SET', KEYS[2], string.format('%d', fence), 'PX', ARGV[3])
return fence`;

/** Keys: value. Arguments: number of the lock, sealed value, how long. */
const SET = `
local kept = tonumber(string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) ') or '0')
if kept > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1`;

/** Keys: lock. Arguments: who. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Where gateways share the tokens of backends: as the gateway's port for it has it. What is kept here is sealed by its caller. */
export interface RedisTokens {
  get(key: string): Promise<string | null>;
  /** Writes unless a lock with a higher number has written under this key; answers whether it wrote. */
  set(key: string, value: string, ttlMs: number, fence: number): Promise<boolean>;
  /** Null while someone else holds it. It ends by itself after its time. */
  lock(key: string, ttlMs: number): Promise<{ readonly fence: number; release(): Promise<void> } | null>;
  delete(key: string): Promise<void>;
}

/**
 * Tokens in Redis, under keys that begin with `gatewright:token:` and end by themselves. Every function rejects at once, with
 * the reason, while Redis is away.
 */
export function redisTokens(link: RedisLink): RedisTokens {
  const { redis } = link;
  const valueKey = (key: string) => `${PREFIX}${key}`;
  const lockKey = (key: string) => `${PREFIX}${key}:lock`;
  const fenceKey = (key: string) => `${PREFIX}${key}:fence`;
  const ask = async <T>(command: () => Promise<T>): Promise<T> => {
    await link.whenThere();
    try {
      return await command();
    } catch (error) {
      // Why Redis went away says more than what became of the command.
      throw new Error(link.away() ?? (error instanceof Error ? error.message : String(error)));
    }
  };
  return {
    async get(key) {
      const text = await ask(() => redis.get(valueKey(key)));
      return text === null ? null : text.slice(text.indexOf(" ") + 1);
    },
    async set(key, value, ttlMs, fence) {
      return (await ask(() => redis.eval(SET, 1, valueKey(key), fence, value, ttlMs))) === 1;
    },
    async lock(key, ttlMs) {
      const holder = randomUUID();
      const fence = await ask(() => redis.eval(LOCK, 3, lockKey(key), fenceKey(key), valueKey(key), holder, ttlMs, FENCE_TTL_MS));
      if (typeof fence !== "number") return null;
      return {
        fence,
        async release() {
          await ask(() => redis.eval(RELEASE, 1, lockKey(key), holder));
        },
      };
    },
    async delete(key) {
      await ask(() => redis.unlink(valueKey(key)));
    },
  };
}

/**
 * Removes everything of an owner, for example all tokens of an API: by `SCAN`, which holds up nobody. What is written while it
 * looks may stay until it ends by itself.
 */
export async function forgetRedisTokens(link: RedisLink, owner: string): Promise<void> {
  await link.whenThere();
  const pattern = `${PREFIX}${owner.replace(/[\\*?[\]]/g, "\\$&")}*`;
  let cursor = "0";
  do {
    const [next, keys] = await link.redis.scan(cursor, "MATCH", pattern, "COUNT", SCAN_COUNT);
    if (keys.length > 0) await link.redis.unlink(keys);
    cursor = next;
  } while (cursor !== "0");
}
