import { sharedRedis } from "./redis";
import type { RedisLink } from "./redis-link";

const PREFIX = "gatewright:dpop:";
/** A caller waits for the answer. */
const DEADLINE_MS = 200;

/** What all gateways remember of DPoP proofs that were used: as the gateway's port for it has it. */
export interface RedisProofs {
  /** Whether it was not used before. Rejects at once while Redis is away, and after 200 ms without an answer. */
  use(proof: string, lifeMs: number): Promise<boolean>;
}

/** What this process shares with the other gateways, or null when no Redis is configured. */
export function sharedProofs(): RedisProofs | null {
  const link = sharedRedis();
  return link && redisProofs(link);
}

/** Remembers used proofs in Redis, each until it could not pass any more for its age. */
export function redisProofs(link: RedisLink): RedisProofs {
  const remember = async (proof: string, lifeMs: number): Promise<boolean> => {
    await link.whenThere();
    return (await link.redis.set(PREFIX + proof, "", "PX", lifeMs, "NX")) === "OK";
  };
  return {
    use: (proof, lifeMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
        remember(proof, lifeMs)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
  };
}
