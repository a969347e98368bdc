import { IncomingMessage } from "node:http";

/**
 * A request of a data plane. Node reads `upgrade` when the head has arrived, and where it's true, it parses nothing more of the
 * connection. Here it's true for what this gateway can speak, WebSocket. A client that asks for anything else, as Java's does for
 * HTTP/2 with every request, gets its answer as if it hadn't asked (RFC 9110, section 7.8), and its body and connection are
 * parsed on.
 */
export class ClientMessage extends IncomingMessage {
  /** What Node says. Only declared: the constructor of the base class sets `upgrade`, and a field would undo that. */
  declare private asks: boolean;

  get upgrade(): boolean {
    return this.asks && (this.method === "CONNECT" || asksForWebSocket(this));
  }

  set upgrade(asks: boolean | null) {
    this.asks = asks === true;
  }
}

/** RFC 6455, section 4.1: a GET of HTTP/1.1 or later that asks for this protocol alone. */
function asksForWebSocket({ method, headers, httpVersionMajor, httpVersionMinor }: IncomingMessage): boolean {
  const isNewEnough = httpVersionMajor > 1 || (httpVersionMajor === 1 && httpVersionMinor >= 1);
  return method === "GET" && isNewEnough && headers.upgrade?.trim().toLowerCase() === "websocket";
}
