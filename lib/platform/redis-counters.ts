import type { Redis } from "ioredis";
import { type Counters, type KeyHash, keyHash, POOL_KEYS_MAX, type TryLimit } from "./try-limits";

const PREFIX = "gatewright:count:";
/** Sorted sets of the keys of a pool by the end of their windows, in milliseconds. */
const INDEX_PREFIX = "gatewright:counts:";

/** Keys: counter and index of each limit. Arguments: as for `TAKE`. */
const CHECK = `
for i = 1, #KEYS / 2 do
  if tonumber(redis.call('GET', KEYS[2 * i - 1]) or '0') >= tonumber(ARGV[2 * i + 1]) then
    return math.max(1, redis.call('PTTL', KEYS[2 * i - 1]))
  end
end`;

/**
 * Checks all limits before it counts any. A new window enters its pool's index, from which ended windows are removed and, in
 * a full pool, the one that ends first.
 * Keys: counter and index of each limit. Arguments: now in milliseconds, keys of a pool; for each limit maximum and milliseconds.
 */
const TAKE = `${CHECK}
for i = 1, #KEYS / 2 do
  local counter, index, window = KEYS[2 * i - 1], KEYS[2 * i], tonumber(ARGV[2 * i + 2])
  if redis.call('INCR', counter) == 1 then
    redis.call('PEXPIRE', counter, window)
    redis.call('ZREMRANGEBYSCORE', index, '-inf', ARGV[1])
    redis.call('ZADD', index, ARGV[1] + window, counter)
    redis.call('PEXPIRE', index, window * 2)
    local surplus = redis.call('ZCARD', index) - tonumber(ARGV[2])
    if surplus > 0 then
      local gone = redis.call('ZPOPMIN', index, surplus)
      for at = 1, #gone, 2 do redis.call('UNLINK', gone[at]) end
    end
  end
end
return 0`;

const GIVE_BACK = `
for _, counter in ipairs(KEYS) do
  if tonumber(redis.call('GET', counter) or '0') > 1 then redis.call('DECR', counter) else redis.call('UNLINK', counter) end
end
return 0`;

/**
 * Counters that all processes on one Redis share. Each call is one script, so tries at once count one after another.
 * @param keysMax how many keys a pool holds
 */
export function redisCounters(redis: Redis, hashed: KeyHash = keyHash(null), keysMax: number = POOL_KEYS_MAX): Counters {
  const counterOf = (limit: TryLimit) => `${PREFIX}${limit.pool}:${hashed(limit)}`;
  const run = async (script: string, limits: readonly TryLimit[]) => {
    const keys = limits.flatMap((limit) => [counterOf(limit), `${INDEX_PREFIX}${limit.pool}`]);
    const bounds = limits.flatMap(({ max, windowSeconds }) => [max, windowSeconds * 1000]);
    return Number(await redis.eval(script, keys.length, ...keys, Date.now(), keysMax, ...bounds));
  };
  return {
    take: (limits) => run(TAKE, limits),
    check: (limits) => run(`${CHECK} return 0`, limits),
    async giveBack(limits) {
      await redis.eval(GIVE_BACK, limits.length, ...limits.map(counterOf));
    },
    async clear(limits) {
      if (limits.length > 0) await redis.del(limits.map(counterOf));
    },
  };
}
