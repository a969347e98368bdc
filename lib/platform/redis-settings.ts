/** The configured Redis connection. All of it is enforced; see `StrictRedis`. */
export interface RedisSettings {
  readonly host: string;
  readonly port: number;
  /** Null: the default user. */
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
  /** TLS with the certificate and its name verified. */
  readonly tls: boolean;
  /** Milliseconds. */
  readonly connectTimeoutMs: number;
}

/** Maximum database number, to detect a wrong setting. */
export const REDIS_DATABASE_MAX = 1_000_000;

const decoded = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
};

/**
 * Parses a `redis://` or `rediss://` URL; returns the error as a string, without any part of the URL, which may contain a password.
 */
export function parseRedisUrl(text: string): Omit<RedisSettings, "connectTimeoutMs"> | string {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return "must be redis://host:port or rediss://host:port";
  const url = new URL(text);
  const username = decoded(url.username);
  const password = decoded(url.password);
  if (url.hostname === "") return "must have a host";
  if (username === null || password === null) return "must percent-encode username and password (% as %25)";
  if (username !== "" && password === "")
    return "must have a password after the username: redis://user:password@host, or redis://:password@host without a username";
  if (url.search !== "" || url.hash !== "") return "must not have a query or fragment (in a password, write ? as %3F and # as %23)";
  const database = /^\/(\d{0,7})$/.exec(url.pathname || "/");
  if (!database || Number(database[1]) > REDIS_DATABASE_MAX)
    return "must have only a database number as path, for example redis://host:6379/2";
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 6379 : Number(url.port),
    username: username || null,
    password: password || null,
    database: Number(database[1]),
    tls: url.protocol === "rediss:",
  };
}

/** The Redis connection for display, without the password. */
export interface RedisServer extends Omit<RedisSettings, "password"> {
  readonly hasPassword: boolean;
}

/** Converts the settings for display. Fields are listed explicitly, so new ones aren't exposed by accident. */
export function shownRedis({ host, port, username, password, database, tls, connectTimeoutMs }: RedisSettings): RedisServer {
  return { host, port, username, hasPassword: password !== null, database, tls, connectTimeoutMs };
}
