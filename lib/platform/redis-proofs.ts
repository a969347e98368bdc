import type { Problem } from "./problems";
import { sharedRedis } from "./redis";
import type { RedisLink } from "./redis-link";
import { singleton } from "./singleton";
import { type UnsharedProofs, unsharedProofs } from "./unshared-proofs";

const PREFIX = "gatewright:dpop:";
const COUNT_PREFIX = "gatewright:dpop-count:";
/** Requests wait for the result. */
const DEADLINE_MS = 200;
/** Maximum stored proofs per key (1,300 per second), so one client can't fill Redis. */
const PROOFS_OF_KEY_MAX = 500_000;

const NOT_SHARED =
  "Redis doesn't store used DPoP proofs in time: until it does, a proof can pass once in each process. They are written when it responds.";

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
   * unreachable, and after 200 ms without a response. A proof that wasn't recorded is written as soon as Redis responds.
   * @param keyThumbprint the proof's key; without it, no maximum applies
   */
  use(proof: string, lifeMs: number, keyThumbprint?: string): Promise<boolean>;
  /** That Redis is reachable, and doesn't store proofs in time. Unreachable, it's another problem. */
  problems(): Problem[];
  /** Whether every used proof is written. */
  isShared(): boolean;
  /** Called when a problem starts or ends. */
  onProblem(listener: () => void): void;
  close(): void;
}

/** The shared replay data of this process; null without Redis. */
export function sharedProofs(): RedisProofs | null {
  return singleton("redis-proofs", () => {
    const link = sharedRedis();
    return link && redisProofs(link);
  });
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
  const unshared: UnsharedProofs = unsharedProofs(async (proofs) => {
    await link.whenReady();
    const batch = link.redis.pipeline();
    for (const [proof, leftMs] of proofs) batch.set(PREFIX + proof, "", "PX", leftMs, "NX");
    const results = (await batch.exec()) ?? [];
    const [failure] = results.flatMap(([error]) => error ?? []);
    if (failure) throw failure;
  });
  link.onState((reason) => {
    if (reason === null) unshared.write();
  });
  return {
    use: (proof, lifeMs, keyThumbprint) =>
      new Promise((resolve, reject) => {
        const fail = (error: unknown) => {
          unshared.add(proof, lifeMs);
          reject(error);
        };
        const timer = setTimeout(() => fail(new Error(`no response within ${DEADLINE_MS} ms`)), DEADLINE_MS);
        store(proof, lifeMs, keyThumbprint)
          .then(resolve, fail)
          .finally(() => clearTimeout(timer));
      }),
    problems: () => (unshared.isEmpty() || link.unreachable() !== null ? [] : [{ problem: "redis", message: NOT_SHARED }]),
    isShared: () => unshared.isEmpty(),
    onProblem: (listener) => unshared.onChange(listener),
    close: () => unshared.close(),
  };
}
