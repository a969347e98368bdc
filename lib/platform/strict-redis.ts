import { Redis, type RedisOptions } from "ioredis";
import type { RedisSettings } from "./redis-settings";

/** Connection options besides address and credentials. */
export type StrictRedisOptions = Omit<RedisOptions, "replyMapping">;

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Connects as configured or fails; ioredis ignores unsupported AUTH and failed SELECT. Each failure disconnects and retries.
 */
export class StrictRedis extends Redis {
  constructor({ host, port, username, password, database, tls, connectTimeoutMs }: RedisSettings, options: StrictRedisOptions = {}) {
    super({
      ...options,
      host,
      port,
      // For the default user, only AUTH without a name reports that no password is required.
      ...(username === null || username === "default" ? {} : { username }),
      ...(password === null ? {} : { password }),
      db: database,
      connectTimeout: connectTimeoutMs,
      // RESP3 sends the password with HELLO, which accepts any password if none is required.
      protocol: 2 as const,
      // Explicit, because otherwise NODE_TLS_REJECT_UNAUTHORIZED would apply.
      ...(tls ? { tls: { ...options.tls, rejectUnauthorized: true } } : {}),
    });
  }

  override sendCommand(...[command, stream]: Parameters<Redis["sendCommand"]>): unknown {
    const sent = super.sendCommand(command, stream);
    if (command.name === "auth") return this.#orElse(sent, authProblem);
    if (command.name === "select") return this.#orElse(sent, (message) => `Redis rejected the database (${message})`);
    return sent;
  }

  async #orElse(sent: unknown, explain: (message: string) => string): Promise<unknown> {
    try {
      return await sent;
    } catch (error) {
      this.disconnect(true);
      throw new Error(explain(reasonOf(error)));
    }
  }
}

/** ioredis ignores errors that contain these phrases of the server, so the messages must not repeat them. */
function authProblem(message: string): string {
  if (/no password is set|without any password configured/.test(message))
    return "Redis requires no password, but one is configured. Remove it, or set requirepass in Redis";
  if (/wrong number of arguments/.test(message)) return "Redis doesn't support users. Configure a password only, or use Redis 6 or newer";
  return `Redis rejected the username or password (${message})`;
}
