import type { RedisSettings } from "./redis-settings";
import { StrictRedis, type StrictRedisOptions } from "./strict-redis";

const RETRY_MAX_MS = 2000;
const PING_MS = 5000;
const PING_TIMEOUT_MS = 2000;

/** A connection to Redis that comes back by itself and knows how it is. */
export interface RedisLink {
  readonly redis: StrictRedis;
  /** Why Redis cannot be used now; null while it can, and before the first try has ended. */
  away(): string | null;
  /** Tells of each change from now on: the reason when Redis goes away, null when it is there. */
  onState(listener: (away: string | null) => void): void;
  /** Resolves when commands may be sent: at once while Redis is there. Rejects with the reason when it is away. */
  whenThere(): Promise<void>;
  close(): void;
}

/**
 * Connects, and again after every absence. A connection whose other end vanished without a word is noticed by nothing but a
 * question, which is asked every few seconds. Nothing is kept for later: a command fails at once while Redis is away.
 */
export function linkRedis(settings: RedisSettings, options: StrictRedisOptions = {}): RedisLink {
  const redis = new StrictRedis(settings, {
    retryStrategy: (attempt) => Math.min(attempt * 100, RETRY_MAX_MS),
    // Also the questions with which a connection begins are not waited for longer.
    commandTimeout: settings.connectTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    ...options,
  });
  const listeners: ((away: string | null) => void)[] = [];
  /** Undefined until the first try has ended. */
  let state: string | null | undefined;
  let lastError = "";
  let endFirstTry: () => void = () => undefined;
  const firstTry = new Promise<void>((resolve) => {
    endFirstTry = resolve;
  });
  const change = (next: string | null) => {
    const isNew = state === undefined || (state === null) !== (next === null);
    state = next;
    if (isNew) for (const listener of listeners) listener(next);
    endFirstTry();
  };
  const whenThere = async (): Promise<void> => {
    if (redis.status === "ready") return;
    if (state !== undefined) throw new Error(state ?? "the connection ended");
    await firstTry;
    await whenThere();
  };
  redis.on("error", (error) => {
    // The first one says why; those after it come of it.
    lastError ||= reasonOf(error);
  });
  redis.on("ready", () => {
    lastError = "";
    change(null);
  });
  redis.on("close", () => {
    change(lastError || "the connection ended");
    lastError = "";
  });
  const timer = setInterval(() => {
    if (redis.status !== "ready") return;
    const anew = () => {
      lastError = "no answer";
      redis.disconnect(true);
    };
    const patience = setTimeout(anew, PING_TIMEOUT_MS);
    redis.ping().then(
      () => clearTimeout(patience),
      () => {
        clearTimeout(patience);
        if (redis.status === "ready") anew();
      },
    );
  }, PING_MS);
  timer.unref();
  return {
    redis,
    away: () => state ?? null,
    onState: (listener) => listeners.push(listener),
    whenThere,
    close() {
      clearInterval(timer);
      listeners.length = 0;
      redis.removeAllListeners("close");
      redis.disconnect();
    },
  };
}

/** In words that name no address and no credential. */
function reasonOf(error: unknown): string {
  // A host with two addresses gives one error for each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return "unknown error";
  const code = "code" in first && typeof first.code === "string" ? first.code : "";
  if (code === "ECONNREFUSED") return "nothing listens there";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name is not known";
  if (code === "ETIMEDOUT") return "no connection stood in time";
  return first.message || code || "unknown error";
}
