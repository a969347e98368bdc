import { Socket } from "node:net";
import type pg from "pg";
import { CONNECT_TIMEOUT_MS, DatabaseUnavailable, SILENCE_TIMEOUT_MS } from "./database-unavailable";

/** After this long without a word the system asks whether the other side is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/**
 * A connection that is closed when nothing passes for {@link SILENCE_TIMEOUT_MS}: Postgres is stopped, or the way to it is gone
 * without a word. Whoever waits for an answer fails then. A long answer over a slow link goes on while bytes arrive. An idle
 * connection is closed too, which costs a new one.
 */
export function databaseSocket(silenceTimeoutMs = SILENCE_TIMEOUT_MS): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceTimeoutMs, () =>
    socket.destroy(new DatabaseUnavailable(`Postgres sent nothing for ${silenceTimeoutMs / 1000} seconds.`)),
  );
  return socket;
}

/** The settings that every connection to Postgres has, so that none waits forever. */
export const BOUNDED_CONNECTION = {
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  stream: () => databaseSocket(),
} satisfies pg.PoolConfig;
