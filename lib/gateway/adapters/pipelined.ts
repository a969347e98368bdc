import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Requests of one connection that are served at the same time. What is pipelined behind them waits. */
export const PIPELINED_MAX = 32;
/** What one piece of a connection may hold beyond that; the rest is not read before. Nobody pipelines more. */
const HELD_MAX = 1000;

interface Row {
  /** Requests that are served and whose responses wait behind another one. */
  behind: number;
  /** Serve the requests that have to wait, the first of them first. */
  readonly held: (() => void)[];
}

const rows = new WeakMap<Socket, Row>();

const isFull = ({ behind }: Row) => behind >= PIPELINED_MAX - 1;

function rowOf(socket: Socket): Row {
  const known = rows.get(socket);
  if (known) return known;
  const row: Row = { behind: 0, held: [] };
  rows.set(socket, row);
  // Reading the body of one request reads the connection on, though all of that body is there.
  socket.on("resume", () => {
    if (isFull(row)) socket.pause();
  });
  return row;
}

/** Counts a request until its response is the one that is written. */
function count(socket: Socket, row: Row, outgoing: ServerResponse): void {
  row.behind += 1;
  outgoing.once("socket", () => {
    row.behind -= 1;
    row.held.shift()?.();
    if (!isFull(row) && socket.isPaused()) socket.resume();
  });
}

/**
 * Serves a request at once, or, when too many of its connection are being served, after one of them. Meanwhile the connection isn't
 * read. One that sends very many in one piece is closed.
 * @param outgoing its response, which has no socket yet exactly when it waits behind another one (RFC 9112, section 9.3.2)
 */
export function serveInTurn(socket: Socket, outgoing: ServerResponse, serve: () => void): void {
  if (outgoing.socket !== null) {
    serve();
    return;
  }
  const row = rowOf(socket);
  if (!isFull(row)) {
    count(socket, row, outgoing);
    serve();
    return;
  }
  socket.pause();
  if (row.held.length >= HELD_MAX) {
    socket.destroy();
    return;
  }
  row.held.push(() => {
    count(socket, row, outgoing);
    if (!socket.destroyed) serve();
  });
}

/** Stops reading a connection while as many of its requests wait for their responses, where a framework serves them. */
export function pauseWhenPipelined(socket: Socket, outgoing: ServerResponse): void {
  const row = rowOf(socket);
  count(socket, row, outgoing);
  if (isFull(row)) socket.pause();
}
