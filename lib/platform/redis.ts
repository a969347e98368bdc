import { environment } from "./env";
import { linkRedis, type RedisLink } from "./redis-link";
import { singleton } from "./singleton";

/** Where deployments, and changes of authorization servers, are announced. A message says only that something changed. */
export const DEPLOYMENTS_CHANNEL = "gatewright:deployments";

/** No command that a call may wait for is of use later than this. */
const COMMAND_TIMEOUT_MS = 1000;
const ANNOUNCE_WAIT_MS = 1000;

/** This process's connection for commands, or null when no Redis is configured. Callers share it and never close it. */
export function sharedRedis(): RedisLink | null {
  return singleton("redis", () => {
    const { redis } = environment();
    return redis && linkRedis(redis, { commandTimeout: COMMAND_TIMEOUT_MS });
  });
}

/** A subscription to the announcements of deployments. */
export interface DeploymentNews {
  close(): void;
}

/**
 * Listens for announcements until it is closed, through every absence of Redis. Null when there is no Redis to listen to.
 *
 * @param onNews called at each announcement, and each time the connection stands again, because some may have been missed
 * @param onState called with the reason when Redis goes away, and with null when it is there again
 */
export function subscribeToDeployments(onNews: () => void, onState: (away: string | null) => void): DeploymentNews | null {
  const settings = environment().redis;
  if (!settings) return null;
  const link = linkRedis(settings, { autoResubscribe: false });
  link.redis.on("message", onNews);
  link.onState((away) => {
    if (away !== null) {
      onState(away);
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

/** Announces that deployments or authorization servers have changed. Polling finds the change without it, so that a Redis that is away fails nothing. */
export async function announceDeployments(): Promise<void> {
  const link = sharedRedis();
  if (!link) return;
  const patience = new Promise<void>((resolve) => setTimeout(resolve, ANNOUNCE_WAIT_MS).unref());
  const announced = link.whenThere().then(() => link.redis.publish(DEPLOYMENTS_CHANNEL, "changed"));
  await Promise.race([announced.catch(() => undefined), patience]);
}
