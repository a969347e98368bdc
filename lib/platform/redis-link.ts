import type { RedisSettings } from "./redis-settings";
import { StrictRedis, type StrictRedisOptions } from "./strict-redis";

const RETRY_MAX_MS = 2000;
const PING_MS = 5000;
const PING_TIMEOUT_MS = 2000;

/** A Redis connection that reconnects and reports its state. */
export interface RedisLink {
  readonly redis: StrictRedis;
  /** Why Redis is unreachable; null while it's connected, and before the first attempt has ended. */
  unreachable(): string | null;
  /** Called with the reason on disconnect, null on connect. */
  onState(listener: (reason: string | null) => void): void;
  /** Resolves when connected; rejects with the reason when unreachable. */
  whenReady(): Promise<void>;
  close(): void;
}

/**
 * Connects and reconnects. Regular pings detect a silently lost connection. Commands aren't queued: they fail immediately while
 * Redis is unreachable.
 */
export function linkRedis(settings: RedisSettings, options: StrictRedisOptions = {}): RedisLink {
  const redis = new StrictRedis(settings, {
    retryStrategy: (attempt) => Math.min(attempt * 100, RETRY_MAX_MS),
    // Applies to the commands of the connection setup too.
    commandTimeout: settings.connectTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    ...options,
  });
  const listeners: ((reason: string | null) => void)[] = [];
  /** Undefined until the first attempt has ended. */
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
  const whenReady = async (): Promise<void> => {
    if (redis.status === "ready") return;
    if (state !== undefined) throw new Error(state ?? "connection closed");
    await firstTry;
    await whenReady();
  };
  redis.on("error", (error) => {
    // The first error is the cause; later ones are consequences.
    lastError ||= reasonOf(error);
  });
  redis.on("ready", () => {
    lastError = "";
    change(null);
  });
  redis.on("close", () => {
    change(lastError || "connection closed");
    lastError = "";
  });
  const timer = setInterval(() => {
    if (redis.status !== "ready") return;
    const anew = () => {
      lastError = "no response";
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
    unreachable: () => state ?? null,
    onState: (listener) => listeners.push(listener),
    whenReady,
    close() {
      clearInterval(timer);
      listeners.length = 0;
      redis.removeAllListeners("close");
      redis.disconnect();
    },
  };
}

/** A reason without addresses and credentials. */
function reasonOf(error: unknown): string {
  // A host with two addresses has one error each.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return "unknown error";
  const code = "code" in first && typeof first.code === "string" ? first.code : "";
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "unknown host name";
  if (code === "ETIMEDOUT") return "connection timed out";
  return first.message || code || "unknown error";
}
