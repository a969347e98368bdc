import { logger } from "./log";
import { sharedRedis } from "./redis";
import type { RedisLink } from "./redis-link";
import { type RedisTokens, redisTokens } from "./redis-tokens";
import type { SecretBox } from "./secrets";

const PROBE_MS = 5000;
/** An answer that comes later than this is of no use to a call that waits. */
const SLOW_MS = 200;

/** How this process shares the tokens of backends with the other gateways. */
export interface TokenSharing {
  /** For the gateway's port. */
  readonly options: {
    readonly store: RedisTokens;
    readonly box: SecretBox;
    onState(problem: string | null): void;
  };
  /** Whether tokens are shared as they should be, as far as is known. */
  works(): boolean;
}

/** The sharing of this process, or null when no Redis is configured: each process asks for its own tokens then. */
export function tokenSharing(box: SecretBox): TokenSharing | null {
  const link = sharedRedis();
  return link && shareBy(link, box);
}

/**
 * Shares by a link. What a gateway says of the store is remembered until it says that the store is of use again, or until the
 * store answers a question in time: a gateway says nothing while no token is needed.
 */
export function shareBy(link: RedisLink, box: SecretBox): TokenSharing {
  const store = redisTokens(link);
  let problem: string | null = null;
  const change = (next: string | null) => {
    if (next === problem) return;
    if (next !== null) logger().warn({ reason: next }, "tokens of backends are not shared; this gateway asks for its own");
    else logger().info("tokens of backends are shared again");
    problem = next;
  };
  link.onState((away) => {
    if (away === null) change(null);
  });
  const timer = setInterval(() => {
    if (problem === null || link.away() !== null) return;
    const askedAt = performance.now();
    store.get("probe").then(
      () => {
        if (performance.now() - askedAt < SLOW_MS) change(null);
      },
      () => undefined,
    );
  }, PROBE_MS);
  timer.unref();
  return {
    options: { store, box, onState: change },
    works: () => problem === null && link.away() === null,
  };
}
