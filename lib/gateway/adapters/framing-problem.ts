import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Connections whose framing is in doubt. */
const doubtful = new WeakSet<Duplex>();

/**
 * Returns why a request's framing is faulty, or null. HTTP/1.0 has no transfer codings, so a proxy in front can see the end of such a
 * body elsewhere (RFC 9112, 6.1). The connection is closed behind the response, and whatever follows on it has the same problem.
 */
export function framingProblem(incoming: IncomingMessage, outgoing: ServerResponse): string | null {
  const isFaulty = incoming.httpVersion !== "1.1" && incoming.headers["transfer-encoding"] !== undefined;
  if (isFaulty) doubtful.add(incoming.socket);
  else if (!doubtful.has(incoming.socket)) return null;
  outgoing.shouldKeepAlive = false;
  return isFaulty
    ? `A request of HTTP/${incoming.httpVersion} has no transfer codings.`
    : "The request follows one with faulty framing on the same connection.";
}
