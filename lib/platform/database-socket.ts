import { Socket } from "node:net";
import type pg from "pg";
import { CONNECT_TIMEOUT_MS, DatabaseUnavailable, SILENCE_TIMEOUT_MS } from "./database-unavailable";

/** Idle time before the first TCP keep-alive probe. */
const KEEP_ALIVE_MS = 10_000;

/**
 * A connection that closes after {@link SILENCE_TIMEOUT_MS} without traffic, which fails pending queries. A slow response continues
 * while bytes arrive; idle connections are closed too.
 */
export function databaseSocket(silenceTimeoutMs = SILENCE_TIMEOUT_MS): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceTimeoutMs, () =>
    socket.destroy(new DatabaseUnavailable(`Postgres sent nothing for ${silenceTimeoutMs / 1000} seconds.`)),
  );
  return socket;
}

/** Timeouts of every Postgres connection. */
export const BOUNDED_CONNECTION = {
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  stream: () => databaseSocket(),
} satisfies pg.PoolConfig;
