import { logger } from "@/lib/platform/log";
import { sharedRedis } from "@/lib/platform/redis";
import type { RedisLink } from "@/lib/platform/redis-link";
import { type RedisTokens, redisTokens } from "@/lib/platform/redis-tokens";
import type { SecretBox } from "@/lib/platform/secrets";

const PROBE_MS = 5000;
/** Slower responses don't help waiting requests. */
const SLOW_MS = 200;

/** Shares backend tokens with other gateways. */
export interface TokenSharing {
  /** For the gateway's port. */
  readonly options: {
    readonly store: RedisTokens;
    readonly box: SecretBox;
    onState(problem: string | null): void;
  };
  /** Whether sharing works, as far as known. */
  works(): boolean;
}

/** This process's token sharing; null without Redis: each process requests its own tokens. */
export function tokenSharing(box: SecretBox): TokenSharing | null {
  const link = sharedRedis();
  return link && shareBy(link, box);
}

/**
 * Shares tokens through a Redis link. A reported problem lasts until the gateway reports success or a probe responds in time,
 * because an idle gateway reports nothing.
 */
export function shareBy(link: RedisLink, box: SecretBox): TokenSharing {
  const store = redisTokens(link);
  let problem: string | null = null;
  const change = (next: string | null) => {
    if (next === problem) return;
    if (next !== null) logger().warn({ reason: next }, "backend tokens aren't shared; this gateway requests its own");
    else logger().info("backend tokens are shared again");
    problem = next;
  };
  link.onState((reason) => {
    if (reason === null) change(null);
  });
  const timer = setInterval(() => {
    if (problem === null || link.unreachable() !== null) return;
    const startedAt = performance.now();
    store.get("probe").then(
      () => {
        if (performance.now() - startedAt < SLOW_MS) change(null);
      },
      () => undefined,
    );
  }, PROBE_MS);
  timer.unref();
  return {
    options: { store, box, onState: change },
    works: () => problem === null && link.unreachable() === null,
  };
}
