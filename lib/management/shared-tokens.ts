import { logger } from "@/lib/platform/log";
import { sharedRedis } from "@/lib/platform/redis";
import { deleteRedisTokens } from "@/lib/platform/redis-tokens";

const WAIT_MS = 1000;
/** Time after which every gateway has unloaded an undeployed API and shares none of its tokens. */
const UNLOADED_AFTER_MS = 3000;

/**
 * Deletes an owner's shared backend tokens from Redis. Waits at most 1 second and never rejects: if Redis is unreachable, the
 * tokens expire by themselves.
 * @param owner `<api id>:` or `<api id>:<environment>:`
 */
export async function invalidateSharedTokens(owner: string): Promise<void> {
  const link = sharedRedis();
  if (!link) return;
  const deletion = deleteRedisTokens(link, owner).catch((error: unknown) => {
    logger().warn({ err: error, owner }, "can't delete shared backend tokens; they expire by themselves");
  });
  await Promise.race([deletion, new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS).unref())]);
}

/** Deletes an undeployed API's shared tokens now, and again later, because a gateway may be renewing one at this moment. */
export async function invalidateTokensOfApi(apiId: string): Promise<void> {
  const invalidate = () => invalidateSharedTokens(`${apiId}:`);
  setTimeout(() => void invalidate(), UNLOADED_AFTER_MS).unref();
  await invalidate();
}
