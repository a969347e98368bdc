import { logger } from "@/lib/platform/log";
import { sharedRedis } from "@/lib/platform/redis";
import { deleteRedisTokens } from "@/lib/platform/redis-tokens";

const WAIT_MS = 1000;
/** By then every gateway has heard that an API is gone, and shares nothing of it any more. */
const HEARD_AFTER_MS = 3000;

/**
 * Removes what gateways share of the tokens of an owner: `<api id>:` for an API, or `<api id>:<environment>:`. While Redis is
 * away nothing is removed, and this waits for a slow one no longer than a second: the tokens' own time ends them in any case.
 * It never rejects.
 */
export async function forgetSharedTokens(owner: string): Promise<void> {
  const link = sharedRedis();
  if (!link) return;
  const forgotten = deleteRedisTokens(link, owner).catch((error: unknown) => {
    logger().warn({ err: error, owner }, "shared tokens could not be removed; they end by themselves");
  });
  await Promise.race([forgotten, new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS).unref())]);
}

/** The same for an API that is served no more, and again when every gateway has heard of it: one may be renewing a token now. */
export async function forgetTokensOfApi(apiId: string): Promise<void> {
  const forget = () => forgetSharedTokens(`${apiId}:`);
  setTimeout(() => void forget(), HEARD_AFTER_MS).unref();
  await forget();
}
