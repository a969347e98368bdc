import { environment } from "./env";
import { linkRedis, type RedisLink } from "./redis-link";
import { singleton } from "./singleton";

/** Channel for changes of deployments and authorization servers. Messages have no content. */
export const DEPLOYMENTS_CHANNEL = "gatewright:deployments";

/** Maximum wait of a request for a command. */
const COMMAND_TIMEOUT_MS = 1000;
const ANNOUNCE_WAIT_MS = 1000;

/** This process's shared connection for commands; null without Redis. Never close it. */
export function sharedRedis(): RedisLink | null {
  return singleton("redis", () => {
    const { redis } = environment();
    return redis && linkRedis(redis, { commandTimeout: COMMAND_TIMEOUT_MS });
  });
}

/** A subscription to deployment changes. */
export interface DeploymentNews {
  close(): void;
}

/**
 * Subscribes to deployment changes and resubscribes after reconnects. Null without Redis.
 *
 * @param onNews called on each message, and on each reconnect, because messages may have been missed
 * @param onState called with the reason on disconnect, null on reconnect
 */
export function subscribeToDeployments(onNews: () => void, onState: (reason: string | null) => void): DeploymentNews | null {
  const settings = environment().redis;
  if (!settings) return null;
  const link = linkRedis(settings, { autoResubscribe: false });
  link.redis.on("message", onNews);
  link.onState((reason) => {
    if (reason !== null) {
      onState(reason);
      return;
    }
    link.redis.subscribe(DEPLOYMENTS_CHANNEL).then(
      () => {
        onState(null);
        onNews();
      },
      (error: unknown) => onState(error instanceof Error ? error.message : String(error)),
    );
  });
  return link;
}

/** Announces a change of deployments or authorization servers. Never rejects, because gateways also poll. */
export async function announceDeployments(): Promise<void> {
  const link = sharedRedis();
  if (!link) return;
  const patience = new Promise<void>((resolve) => setTimeout(resolve, ANNOUNCE_WAIT_MS).unref());
  const announced = link.whenReady().then(() => link.redis.publish(DEPLOYMENTS_CHANNEL, "changed"));
  await Promise.race([announced.catch(() => undefined), patience]);
}
