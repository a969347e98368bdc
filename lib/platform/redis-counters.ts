import type { Redis } from "ioredis";
import { type Counters, type KeyHash, keyHash, POOL_KEYS_MAX, type TryLimit } from "./try-limits";

const PREFIX = "gatewright:count:";
/** Sorted sets of a pool's keys by window end, in milliseconds. */
const INDEX_PREFIX = "gatewright:counts:";

/** Keys: counter and index of each limit. Arguments: as for `TAKE`. */
const CHECK = `
for i = 1, #KEYS / 2 do
  if tonumber(redis.call('GET', KEYS[2 * i - 1]) or '0') >= tonumber(ARGV[2 * i + 1]) then
    return math.max(1, redis.call('PTTL', KEYS[2 * i - 1]))
  end
end`;

/**
 * Checks all limits before counting any. A new window is added to its pool's index, which evicts ended windows and, in a full pool,
 * the one that ends first.
 * Keys: counter and index per limit. Arguments: now in milliseconds, maximum keys per pool; per limit maximum and milliseconds.
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
 * Counters shared through Redis. Each call is one atomic script.
 * @param keysMax maximum keys per pool
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
