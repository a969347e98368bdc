import { sharedRedis } from "./redis";
import type { RedisLink } from "./redis-link";

const PREFIX = "gatewright:dpop:";
const COUNT_PREFIX = "gatewright:dpop-count:";
/** A caller waits for the answer. */
const DEADLINE_MS = 200;
/** Proofs of one key that are remembered at once. No client makes 1,300 a second with one key; who does fills no Redis. */
const PROOFS_OF_KEY_MAX = 500_000;

/** Keys: proof, counter of the key. Arguments: how long in milliseconds, how many of a key. */
const USE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
if count > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
return 1`;

/** What all gateways remember of DPoP proofs that were used: as the gateway's port for it has it. */
export interface RedisProofs {
  /**
   * Returns whether the proof was not used before; also false for a key of which as many proofs were used as are remembered.
   * Rejects at once while Redis is unreachable, and after 200 ms without an answer.
   * @param keyThumbprint the proof's key; without it, nothing bounds how many proofs of it are remembered
   */
  use(proof: string, lifeMs: number, keyThumbprint?: string): Promise<boolean>;
}

/** What this process shares with the other gateways, or null when no Redis is configured. */
export function sharedProofs(): RedisProofs | null {
  const link = sharedRedis();
  return link && redisProofs(link);
}

/**
 * Remembers used proofs in Redis, each until it could not pass any more for its age.
 * @param ofKeyMax how many of one key at once
 */
export function redisProofs(link: RedisLink, ofKeyMax: number = PROOFS_OF_KEY_MAX): RedisProofs {
  const remember = async (proof: string, lifeMs: number, keyThumbprint?: string): Promise<boolean> => {
    await link.whenThere();
    if (keyThumbprint === undefined) return (await link.redis.set(PREFIX + proof, "", "PX", lifeMs, "NX")) === "OK";
    return (await link.redis.eval(USE, 2, PREFIX + proof, COUNT_PREFIX + keyThumbprint, lifeMs, ofKeyMax)) === 1;
  };
  return {
    use: (...used) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
        remember(...used)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
  };
}
