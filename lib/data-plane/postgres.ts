import type { Socket } from "node:net";
import pg from "pg";
import type { GatewayDatabase } from "@/lib/gateway-host/database";
import { BOUNDED_CONNECTION, databaseSocket } from "@/lib/platform/database-socket";
import { DatabaseUnavailable, SILENCE_TIMEOUT_MS } from "@/lib/platform/database-unavailable";

const CLOSE_TIMEOUT_MS = 1000;

/** One connection to Postgres that reconnects by itself. */
export interface Postgres extends GatewayDatabase {
  /** @throws DatabaseUnavailable, which names no credential, or an error of the database about the query itself */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Watches its connection while a query runs on it: an idle one may be silent, a half-open one answers never. */
class WatchedClient extends pg.Client {
  readonly socket: Socket;

  constructor(config?: pg.ClientConfig) {
    const socket = databaseSocket();
    super({ ...config, stream: () => socket });
    this.socket = socket;
  }
}

/**
 * Connects when it is asked something, and anew after anything went wrong. There is one connection and no state in it:
 * the embedded Postgres has a single session for all its clients, so that no `SET`, `LISTEN` or named statement is used.
 */
export function createPostgres(databaseUrl: () => Promise<string | null>): Postgres {
  let pool: pg.Pool | null = null;
  let poolUrl: string | null = null;
  let socket: Socket | null = null;
  let bytesRead = 0;
  let heardAt = performance.now();

  const watch = (client: pg.ClientBase, timeoutMs: number) => {
    if (!(client instanceof WatchedClient)) return;
    client.socket.setTimeout(timeoutMs);
    socket = client.socket;
  };

  const current = async (): Promise<pg.Pool> => {
    const url = await databaseUrl();
    if (url === null) {
      throw new DatabaseUnavailable(
        "No database is configured. Set DATABASE_URL, or run the console with npm start on the same GATEWRIGHT_DATA_DIR to use its embedded Postgres.",
      );
    }
    if (pool && poolUrl === url) return pool;
    void pool?.end().catch(() => undefined);
    poolUrl = url;
    pool = new pg.Pool({
      ...BOUNDED_CONNECTION,
      connectionString: url,
      max: 1,
      idleTimeoutMillis: 0,
      Client: WatchedClient,
      application_name: "gatewright-gateway",
    });
    // An idle connection that breaks is noticed at the next query; without a listener the error would end the process.
    pool.on("error", () => undefined);
    pool.on("acquire", (client) => watch(client, SILENCE_TIMEOUT_MS));
    pool.on("release", (_error, client) => watch(client, 0));
    return pool;
  };

  return {
    async query(text, values = []) {
      const connections = await current();
      try {
        const { rows } = await connections.query<Record<string, unknown>>(text, [...values]);
        heardAt = performance.now();
        return rows;
      } catch (error) {
        if (isAboutQuery(error)) throw error;
        throw new DatabaseUnavailable(`Postgres at ${whereOf(poolUrl ?? "")} is unreachable (${reasonOf(error)}).`);
      }
    },
    heardAt() {
      if (socket && socket.bytesRead !== bytesRead) heardAt = performance.now();
      bytesRead = socket?.bytesRead ?? 0;
      return heardAt;
    },
    async close() {
      // A server that has vanished does not say goodbye.
      const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([pool?.end().catch(() => undefined), patience]);
      pool = null;
    },
  };
}

/** Classes of SQLSTATE that say something of the statement; all others say something of the server or the way to it. */
const QUERY_CLASSES = new Set(["21", "22", "23", "3F", "42"]);

function isAboutQuery(error: unknown): boolean {
  return error instanceof pg.DatabaseError && QUERY_CLASSES.has(error.code?.slice(0, 2) ?? "");
}

/** Host and port, or the folder of the socket: never the user and the password. */
function whereOf(url: string): string {
  const { host, port } = new pg.Client({ connectionString: url });
  return host.startsWith("/") ? host : `${host}:${port}`;
}

function reasonOf(error: unknown): string {
  // A host with two addresses gives one error for each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return "unknown error";
  const code = "code" in first && typeof first.code === "string" ? first.code : "";
  if (code === "ECONNREFUSED") return "nothing listens there";
  if (code === "ENOENT") return "its socket is not there";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name is not known";
  if (code === "28P01") return "the user or password is wrong";
  if (code === "3D000") return "that database does not exist";
  return first.message;
}
