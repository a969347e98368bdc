import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** Maximum size of an interim response. */
const MAX_HEAD_BYTES = 16_384;
/** Offset of the first status digit in `HTTP/1.1 1`, which identifies an interim response. */
const STATUS_AT = 9;
/** `HTTP/1.1 100`. */
const STATUS_END = 12;
const NOTHING = Buffer.alloc(0);
const HTTP = "HTTP/1.";

/** Removes interim responses between a request and its final response. */
class InterimFilter {
  /** A request was sent and its final response has not begun. */
  isAwaiting = false;
  #held: Buffer | null = null;

  /** Returns the bytes to parse; empty while an interim response is incomplete. */
  take(chunk: Buffer): Buffer {
    let data = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = null;
    while (data.length > 0) {
      const digit = data[STATUS_AT];
      if (digit !== undefined && digit !== 0x31) return this.#give(data);
      const status = data.toString("latin1", 0, STATUS_END);
      if (!status.startsWith(HTTP.slice(0, status.length))) return this.#give(data);
      // 101 is final for an upgrade request; other requests fail on it.
      if (status.endsWith("101")) return this.#give(data);
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) {
        if (data.length > MAX_HEAD_BYTES) return this.#give(data);
        this.#held = data;
        return NOTHING;
      }
      // The end of such a head is ambiguous, so the parser must reject it.
      if (/(?:^|[^\r])\n/.test(data.toString("latin1", 0, end))) return this.#give(data);
      data = data.subarray(end + 4);
    }
    return NOTHING;
  }

  #give(data: Buffer): Buffer {
    this.isAwaiting = false;
    return data;
  }
}

/**
 * Makes an undici connection ignore interim responses, which clients must accept unrequested (RFC 9110, 15.2). Undici destroys the
 * connection on an unrequested 100, which some servers send before every response to a POST.
 */
function ignoreInterim(socket: Socket): void {
  const filter = new InterimFilter();
  const { read, write } = socket;
  const written = (...args: unknown[]) => {
    // A request head is a string that starts with the method; strings of a chunked body start with a line break.
    if (typeof args[0] === "string" && args[0].charCodeAt(0) !== 0x0d) filter.isAwaiting = true;
    return Reflect.apply(write, socket, args) as boolean;
  };
  const readOn = (size?: number): unknown => {
    for (;;) {
      const chunk: unknown = read.call(socket, size);
      if (!filter.isAwaiting || !Buffer.isBuffer(chunk)) return chunk;
      const rest = filter.take(chunk);
      if (rest.length > 0) return rest;
    }
  };
  socket.write = written;
  socket.read = readOn;
}

/** Wraps a connector so that its connections ignore unrequested interim responses. For HTTP/1.1 without pipelining. */
export function ignoringInterim(connector: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connector(target, (...result) => {
      const [, socket] = result;
      if (socket) ignoreInterim(socket);
      callback(...result);
    });
}
