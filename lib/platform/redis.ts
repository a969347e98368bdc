import { Redis, type RedisOptions } from "ioredis";
import { environment } from "./env";

/** Where deployments, and changes of authorization servers, are announced. A message says only that something changed. */
export const DEPLOYMENTS_CHANNEL = "gatewright:deployments";

/**
 * A connection to the Redis of this environment, or null when there is none. Errors of the connection are handed to
 * `onError`: without a listener they would end the process.
 */
export function connectRedis(options: RedisOptions, onError: (error: Error) => void = () => undefined): Redis | null {
  const { redisUrl, redisConnectTimeoutMs } = environment();
  if (!redisUrl) return null;
  const redis = new Redis(redisUrl, { connectTimeout: redisConnectTimeoutMs, ...options });
  redis.on("error", onError);
  return redis;
}
