/** Where Redis is and who we are there, as it was configured: nothing of it is ever left out to make a connection work. */
export interface RedisSettings {
  readonly host: string;
  readonly port: number;
  /** Null when only a password is given, or nothing. */
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
  /** TLS with the certificate and its name verified. */
  readonly tls: boolean;
  /** How long a connection may take to stand, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/** The number of a database is bounded so that a wrong setting is told from a large one. */
export const REDIS_DATABASE_MAX = 1_000_000;

const decoded = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
};

/**
 * What a `redis://` or `rediss://` URL says, or in a string what is wrong with it. The message repeats no part of the URL,
 * because it may hold a password.
 */
export function parseRedisUrl(text: string): Omit<RedisSettings, "connectTimeoutMs"> | string {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return "must be redis://host:port or rediss://host:port";
  const url = new URL(text);
  const username = decoded(url.username);
  const password = decoded(url.password);
  if (url.hostname === "") return "must name a host";
  if (username === null || password === null) return "must have % & co. in the user name and the password percent-encoded (% as %25)";
  if (username !== "" && password === "")
    return "must have a password behind the user name, as in redis://user:password@host; a password alone is redis://:password@host";
  if (url.search !== "" || url.hash !== "") return "must have no query and no fragment (in a password, write ? as %3F and # as %23)";
  const database = /^\/(\d{0,7})$/.exec(url.pathname || "/");
  if (!database || Number(database[1]) > REDIS_DATABASE_MAX)
    return "must have nothing but the number of a database as its path, as in redis://host:6379/2";
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 6379 : Number(url.port),
    username: username || null,
    password: password || null,
    database: Number(database[1]),
    tls: url.protocol === "rediss:",
  };
}

/** Where Redis is and who we are there, for people: that there is a password, and not which. */
export interface RedisServer extends Omit<RedisSettings, "password"> {
  readonly hasPassword: boolean;
}

/** What of the settings may be shown. Each field is named here, so that none that is added later is shown unasked. */
export function shownRedis({ host, port, username, password, database, tls, connectTimeoutMs }: RedisSettings): RedisServer {
  return { host, port, username, hasPassword: password !== null, database, tls, connectTimeoutMs };
}
