import { Redis, type RedisOptions } from "ioredis";
import type { RedisSettings } from "./redis-settings";

/** What of a connection is not where it leads to, nor who we are there. */
export type StrictRedisOptions = Omit<RedisOptions, "replyMapping">;

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * A connection that is as it was configured, or none. By itself, ioredis goes on where the server wants no password or knows
 * no users, and stays in database 0 where another one cannot be selected: here each of these ends the connection, and it is
 * tried anew.
 */
export class StrictRedis extends Redis {
  constructor({ host, port, username, password, database, tls, connectTimeoutMs }: RedisSettings, options: StrictRedisOptions = {}) {
    super({
      ...options,
      host,
      port,
      // For the default user, only the form without a name makes the server say that it wants no password at all.
      ...(username === null || username === "default" ? {} : { username }),
      ...(password === null ? {} : { password }),
      db: database,
      connectTimeout: connectTimeoutMs,
      // In RESP3 the password goes with HELLO, which takes any where none is wanted.
      protocol: 2 as const,
      // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED makes it no weaker.
      ...(tls ? { tls: { ...options.tls, rejectUnauthorized: true } } : {}),
    });
  }

  override sendCommand(...[command, stream]: Parameters<Redis["sendCommand"]>): unknown {
    const sent = super.sendCommand(command, stream);
    if (command.name === "auth") return this.#orElse(sent, authProblem);
    if (command.name === "select") return this.#orElse(sent, (message) => `Redis refuses the database (${message})`);
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

/** ioredis knows what it overlooks by the server's words, so they do not stand in these. */
function authProblem(message: string): string {
  if (/no password is set|without any password configured/.test(message))
    return "Redis wants no password, but one is configured: leave it out, or have Redis ask for it";
  if (/wrong number of arguments/.test(message)) return "Redis knows no users: configure a password alone, or use Redis 6 or newer";
  return `Redis refuses the user or the password (${message})`;
}
