import { logger } from "@/lib/platform/log";
import { sharedRedis } from "@/lib/platform/redis";
import { forgetRedisTokens } from "@/lib/platform/redis-tokens";

const WAIT_MS = 1000;

/**
 * Removes what gateways share of the tokens of an owner: `<api id>:` for an API, or `<api id>:<environment>:`. While Redis is
 * away this waits no longer than a second and the removal follows when it is there; the tokens' own time ends them in any
 * case. It never rejects.
 */
export async function forgetSharedTokens(owner: string): Promise<void> {
  const link = sharedRedis();
  if (!link) return;
  const forgotten = forgetRedisTokens(link, owner).catch((error: unknown) => {
    logger().warn({ err: error, owner }, "shared tokens could not be removed; they end by themselves");
  });
  await Promise.race([forgotten, new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS).unref())]);
}
