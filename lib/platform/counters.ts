import { hkdfSync } from "node:crypto";
import { environment } from "./env";
import { memoryCounters } from "./memory-counters";
import { sharedRedis } from "./redis";
import { redisCounters } from "./redis-counters";
import { singleton } from "./singleton";
import { type Counters, keyHash } from "./try-limits";

/** Uses the first counters, and the second whenever the first fail. */
export function countersWithFallback(first: Counters, second: Counters): Counters {
  const attempt = <T>(run: (counters: Counters) => Promise<T>) => run(first).catch(() => run(second));
  return {
    take: (limits) => attempt((counters) => counters.take(limits)),
    check: (limits) => attempt((counters) => counters.check(limits)),
    giveBack: (limits) => attempt((counters) => counters.giveBack(limits)),
    clear: (limits) => attempt((counters) => counters.clear(limits)),
  };
}

function hashSecret(): Buffer | null {
  const { secretKey } = environment();
  return secretKey ? Buffer.from(hkdfSync("sha256", Buffer.from(secretKey, "base64"), "", "gatewright counters", 32)) : null;
}

/** This process's counters: in Redis if configured and reachable, otherwise in memory. */
export function counters(): Counters {
  return singleton("counters", () => {
    const link = sharedRedis();
    if (!link) return memoryCounters();
    return countersWithFallback(redisCounters(link.redis, keyHash(hashSecret())), memoryCounters());
  });
}
