import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** More than this no interim response has. */
const MAX_HEAD_BYTES = 16_384;
/** `HTTP/1.1 1`: enough to tell an interim response from a final one. */
const STATUS_AT = 9;
/** `HTTP/1.1 100`. */
const STATUS_END = 12;
const NOTHING = Buffer.alloc(0);
const HTTP = "HTTP/1.";

/** Takes interim responses out of the bytes between a request and its final response. */
class InterimFilter {
  /** A request was sent and its final response has not begun. */
  isAwaiting = false;
  #held: Buffer | null = null;

  /** What of the bytes is to be parsed; empty when nothing is yet. */
  take(chunk: Buffer): Buffer {
    let data = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = null;
    while (data.length > 0) {
      const digit = data[STATUS_AT];
      if (digit !== undefined && digit !== 0x31) return this.#give(data);
      const status = data.toString("latin1", 0, STATUS_END);
      if (!status.startsWith(HTTP.slice(0, status.length))) return this.#give(data);
      // 101 is final for the request that asked for it; others fail on it.
      if (status.endsWith("101")) return this.#give(data);
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) {
        if (data.length > MAX_HEAD_BYTES) return this.#give(data);
        this.#held = data;
        return NOTHING;
      }
      // Where such a head ends is in doubt: the parser refuses it.
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
 * Lets a connection of undici's live through interim responses (RFC 9110, 15.2: a client must be able to parse them even if it
 * doesn't expect any). Undici destroys a connection on a 100 that it didn't ask for, which some servers send before
 * every response to a POST. Only whole heads are removed, and only between a request and its final response.
 */
function ignoreInterim(socket: Socket): void {
  const filter = new InterimFilter();
  const { read, write } = socket;
  const written = (...args: unknown[]) => {
    // The head of a request is text that begins with its method; what is text of a chunked body begins with a line break.
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

/** Makes a connector whose connections live through interim responses that nobody asked for. For HTTP/1.1 without pipelining. */
export function ignoringInterim(connector: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connector(target, (...result) => {
      const [, socket] = result;
      if (socket) ignoreInterim(socket);
      callback(...result);
    });
}
