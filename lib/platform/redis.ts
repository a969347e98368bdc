import { Redis, type RedisOptions } from "ioredis";
import { environment } from "./env";
import { singleton } from "./singleton";

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

/** A subscription to the announcements of deployments. */
export interface DeploymentNews {
  close(): void;
}

const PING_MS = 5000;
const PING_TIMEOUT_MS = 2000;
const RETRY_MAX_MS = 2000;

/**
 * Listens for announcements until it is closed, through every absence of Redis. Null when there is no Redis to listen to.
 *
 * @param onNews called at each announcement, and each time the connection stands again, because some may have been missed
 * @param onState called with the reason when Redis goes away, and with null when it is there again
 */
export function subscribeToDeployments(onNews: () => void, onState: (away: string | null) => void): DeploymentNews | null {
  let lastError = "";
  const redis = connectRedis({ maxRetriesPerRequest: null, retryStrategy: (attempt) => Math.min(attempt * 100, RETRY_MAX_MS) }, (error) => {
    lastError = error.message || "nothing listens there";
  });
  if (!redis) return null;
  let isThere: boolean | null = null;
  const change = (there: boolean, reason: string) => {
    if (isThere === there) return;
    isThere = there;
    onState(there ? null : reason);
  };
  redis.on("message", onNews);
  redis.on("ready", () => {
    redis.subscribe(DEPLOYMENTS_CHANNEL).then(
      () => {
        change(true, "");
        onNews();
      },
      (error: unknown) => change(false, error instanceof Error ? error.message : String(error)),
    );
  });
  redis.on("close", () => change(false, lastError || "the connection ended"));
  // A connection whose other end vanished without a word is noticed by nothing but a question.
  const timer = setInterval(() => {
    if (redis.status !== "ready") return;
    const patience = setTimeout(() => redis.disconnect(true), PING_TIMEOUT_MS);
    redis.ping().then(
      () => clearTimeout(patience),
      () => clearTimeout(patience),
    );
  }, PING_MS);
  timer.unref();
  return {
    close() {
      clearInterval(timer);
      redis.removeAllListeners("close");
      redis.disconnect();
    },
  };
}

/** Announces that deployments or authorization servers have changed. Polling finds the change without it, so that a Redis that is away fails nothing. */
export async function announceDeployments(): Promise<void> {
  const redis = singleton("deployment-announcer", () =>
    // What is announced while the connection is being made waits for it, for a second at most.
    connectRedis({ maxRetriesPerRequest: 1, commandTimeout: 1000, retryStrategy: () => RETRY_MAX_MS }),
  );
  await redis?.publish(DEPLOYMENTS_CHANNEL, "changed").catch(() => undefined);
}
