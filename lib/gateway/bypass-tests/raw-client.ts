import { connect, type Socket } from "node:net";

/** An answer as it stood on the wire. */
export interface RawReply {
  /** 0 when the connection ended before a whole head arrived. */
  status: number;
  /** Status line and header lines. */
  head: string;
  /** Everything after the head, framing included. */
  body: string;
  /** All bytes, one character each. */
  text: string;
  /** The body ended as its framing says, so a client would believe that it has all of it. */
  complete: boolean;
  /** The server ended the connection with this answer. */
  closed: boolean;
}

const field = (head: string, name: string) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "im").exec(head)?.[1] ?? null;

/** Where a chunked body that starts at `start` ends, or -1 while it has not ended. */
function endOfChunks(text: string, start: number): number {
  let position = start;
  for (;;) {
    const line = text.indexOf("\r\n", position);
    if (line === -1) return -1;
    const size = Number.parseInt(text.slice(position, line), 16);
    if (size === 0) {
      const end = text.startsWith("\r\n", line + 2) ? line + 2 : text.indexOf("\r\n\r\n", line + 2);
      return end === -1 ? -1 : end + (end === line + 2 ? 2 : 4);
    }
    position = line + 2 + size + 2;
    if (position > text.length) return -1;
  }
}

/** Where the final answer's head begins: interim answers come before it. */
function skipInterim(text: string): number {
  let start = 0;
  for (;;) {
    const end = text.indexOf("\r\n\r\n", start);
    if (end === -1 || !/^HTTP\/1\.[01] 1\d\d/.test(text.slice(start, start + 12))) return start;
    start = end + 4;
  }
}

/** Reads the first final answer of what a server sent. Null while it is not whole and the connection is open. */
export function readReply(text: string, ended: boolean, bodiless: boolean): { reply: RawReply; rest: string } | null {
  const start = skipInterim(text);
  const headEnd = text.indexOf("\r\n\r\n", start);
  if (headEnd === -1) return ended ? { reply: { status: 0, head: "", body: "", text, complete: false, closed: true }, rest: "" } : null;
  const head = text.slice(start, headEnd);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  const bodyStart = headEnd + 4;
  const length = field(head, "content-length");
  let end = -1;
  if (bodiless || status === 204 || status === 304) end = bodyStart;
  else if (/chunked/i.test(field(head, "transfer-encoding") ?? "")) end = endOfChunks(text, bodyStart);
  else if (length !== null) end = text.length >= bodyStart + Number(length) ? bodyStart + Number(length) : -1;
  else if (ended) end = text.length;
  if (end === -1 && !ended) return null;
  const complete = end !== -1;
  const stop = complete ? end : text.length;
  const closed = ended || /close/i.test(field(head, "connection") ?? "");
  return {
    reply: { status, head, body: text.slice(bodyStart, stop), text: text.slice(0, stop), complete, closed },
    rest: text.slice(stop),
  };
}

/** One header's value in a raw answer, or null. */
export const replyHeader = (reply: RawReply, name: string): string | null => field(reply.head, name);

/** A connection on which requests are sent one after the other, exactly as they are written. */
class RawConnection {
  #received = "";
  #ended = false;
  #wake: () => void = () => undefined;
  used = false;

  constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      this.#received += chunk;
      this.#wake();
    });
    // An aborted connection ends the answer like any other end.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  async send(request: string, bodiless: boolean): Promise<RawReply> {
    this.socket.write(request, "latin1");
    for (;;) {
      const read = readReply(this.#received, this.#ended, bodiless);
      if (read) {
        this.used = true;
        this.#received = read.rest;
        return read.reply;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  get reusable(): boolean {
    // Bytes that nobody asked for would be taken for the next answer.
    return !this.#ended && this.#received === "";
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Sends requests to a port on a connection that is kept for as long as the server keeps it. */
export class RawClient {
  #connection: RawConnection | null = null;

  constructor(private readonly port: number) {}

  /** Sends a request as it is and waits for its answer. A kept connection that the server had left is opened anew. */
  async send(request: string): Promise<RawReply> {
    const bodiless = request.startsWith("HEAD ");
    for (;;) {
      this.#connection ??= await this.#open();
      const connection = this.#connection;
      const wasUsed = connection.used;
      const reply = await connection.send(request, bodiless);
      if (reply.closed || !connection.reusable) this.close();
      if (reply.text !== "" || !wasUsed) return reply;
    }
  }

  /** Sends a request without a body for exactly this target. */
  get(target: string, headers: readonly string[] = [], method = "GET"): Promise<RawReply> {
    return this.send(`${method} ${target} HTTP/1.1\r\nHost: gateway.test\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`);
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #open(): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.port, host: "127.0.0.1", noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RawConnection(socket));
      });
    });
  }
}

/**
 * Writes bytes on a connection of its own, ends it on this side, and reads until the server has ended it too:
 * so a request that is cut short needs no waiting.
 */
export function sendAndEnd(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
    // The server may end first; then this side has to end as well.
    socket.on("end", () => socket.end());
    socket.end(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  });
}
