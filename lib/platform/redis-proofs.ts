import { sharedRedis } from "./redis";
import type { RedisLink } from "./redis-link";

const PREFIX = "gatewright:dpop:";
const COUNT_PREFIX = "gatewright:dpop-count:";
/** Requests wait for the result. */
const DEADLINE_MS = 200;
/** Maximum stored proofs per key (1,300 per second), so one client can't fill Redis. */
const PROOFS_OF_KEY_MAX = 500_000;

/** Keys: proof, counter of the key. Arguments: TTL in milliseconds, maximum per key. */
const USE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
if count > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
return 1`;

/** Shared DPoP replay data; implements the gateway's port. */
export interface RedisProofs {
  /**
   * Records a proof. Returns false for a replay, and for a key with the maximum of stored proofs. Rejects immediately while Redis is
   * unreachable, and after 200 ms without a response.
   * @param keyThumbprint the proof's key; without it, no maximum applies
   */
  use(proof: string, lifeMs: number, keyThumbprint?: string): Promise<boolean>;
}

/** The shared replay data; null without Redis. */
export function sharedProofs(): RedisProofs | null {
  const link = sharedRedis();
  return link && redisProofs(link);
}

/**
 * Stores used proofs in Redis until they are too old to be accepted.
 * @param ofKeyMax maximum per key
 */
export function redisProofs(link: RedisLink, ofKeyMax: number = PROOFS_OF_KEY_MAX): RedisProofs {
  const store = async (proof: string, lifeMs: number, keyThumbprint?: string): Promise<boolean> => {
    await link.whenReady();
    if (keyThumbprint === undefined) return (await link.redis.set(PREFIX + proof, "", "PX", lifeMs, "NX")) === "OK";
    return (await link.redis.eval(USE, 2, PREFIX + proof, COUNT_PREFIX + keyThumbprint, lifeMs, ofKeyMax)) === 1;
  };
  return {
    use: (...used) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no response within ${DEADLINE_MS} ms`)), DEADLINE_MS);
        store(...used)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
  };
}
