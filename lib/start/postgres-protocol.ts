/** `N`: the response to a request for TLS or GSSAPI. */
export const NOT_SUPPORTED = Buffer.from("N");
export const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
export const ROLLBACK = simpleQuery("ROLLBACK");

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const LARGEST_STARTUP_BYTES = 10_000;
/** Postgres's own message limit. */
const LARGEST_MESSAGE_BYTES = 0x3fff_ffff;

/** Bind, Close, CopyData, CopyDone, CopyFail, Describe, Execute, Flush, FunctionCall, Parse, PasswordMessage, Query, Sync, Terminate. */
const FRONTEND_TYPES = Buffer.from("BCdcfDEHFPpQSX");

/** Invalid protocol data; the connection can't continue. */
export class ProtocolViolation extends Error {}

export type FrontendMessage =
  | { kind: "startup"; bytes: Buffer }
  | { kind: "message"; bytes: Buffer }
  | { kind: "terminate" }
  | { kind: "encryption-request" | "cancel-request" };

/** Splits a client's bytes into messages of the Postgres protocol 3.0 and buffers incomplete ones. */
export class FrontendReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  private started = false;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
  }

  /**
   * The next complete message; undefined until more bytes arrive.
   * @throws ProtocolViolation for invalid data, which could crash or hang the database for all clients.
   */
  next(): FrontendMessage | undefined {
    return this.started ? this.nextMessage() : this.nextStartup();
  }

  private nextStartup(): FrontendMessage | undefined {
    const head = this.peek(8);
    if (!head) return undefined;
    const length = head.readInt32BE(0);
    if (length < 8 || length > LARGEST_STARTUP_BYTES) throw new ProtocolViolation("not a Postgres client");
    if (this.buffered < length) return undefined;
    const bytes = this.take(length);
    const code = head.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: "encryption-request" };
    if (code === CANCEL_REQUEST) return { kind: "cancel-request" };
    // Protocol 3, with a null-terminated list of parameters.
    if (code >> 16 !== 3 || bytes.at(-1) !== 0) throw new ProtocolViolation("not a Postgres client");
    this.started = true;
    return { kind: "startup", bytes };
  }

  private nextMessage(): FrontendMessage | undefined {
    const head = this.peek(5);
    if (!head) return undefined;
    const length = head.readInt32BE(1);
    if (length < 4 || length > LARGEST_MESSAGE_BYTES || !FRONTEND_TYPES.includes(head.subarray(0, 1))) {
      throw new ProtocolViolation("not a Postgres message");
    }
    if (this.buffered < length + 1) return undefined;
    const bytes = this.take(length + 1);
    return bytes[0] === 0x58 ? { kind: "terminate" } : { kind: "message", bytes };
  }

  private peek(count: number): Buffer | undefined {
    if (this.buffered < count) return undefined;
    if ((this.chunks[0]?.length ?? 0) < count) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0];
  }

  private take(count: number): Buffer {
    const all = this.chunks.length === 1 && this.chunks[0] ? this.chunks[0] : Buffer.concat(this.chunks);
    this.chunks = all.length > count ? [all.subarray(count)] : [];
    this.buffered -= count;
    return all.subarray(0, count);
  }
}

export type TransactionStatus = "idle" | "in-transaction" | "failed";

/**
 * Watches the server's responses for the last ReadyForQuery. `take` returns `undefined` while the exchange isn't over because the
 * server waits for a Sync.
 */
export class ReadyForQueryWatch {
  private head = Buffer.alloc(0);
  private skip = 0;
  private status: TransactionStatus | undefined;

  push(chunk: Uint8Array): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0) {
      if (this.skip > 0) {
        const skipped = Math.min(this.skip, rest.length);
        this.skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const missing = 6 - this.head.length;
      this.head = Buffer.concat([this.head, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      this.readHead();
    }
  }

  private readHead(): void {
    if (this.head.length < 5) return;
    const length = this.head.readInt32BE(1);
    // A message of length 4 has no content; the next byte belongs to the next message.
    if (length === 4) {
      this.head = this.head.subarray(5);
      if (this.head.length > 0) this.readHead();
      return;
    }
    if (this.head.length < 6) return;
    if (this.head[0] === 0x5a) this.status = this.head[5] === 0x49 ? "idle" : this.head[5] === 0x54 ? "in-transaction" : "failed";
    this.skip = length - 5;
    this.head = Buffer.alloc(0);
  }

  take(): TransactionStatus | undefined {
    const status = this.status;
    this.status = undefined;
    return status;
  }
}

/** A fatal ErrorResponse. */
export function fatalError(code: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const message = Buffer.alloc(5 + fields.length);
  message.write("E");
  message.writeInt32BE(4 + fields.length, 1);
  fields.copy(message, 5);
  return message;
}

function simpleQuery(sql: string): Buffer {
  const message = Buffer.alloc(6 + Buffer.byteLength(sql));
  message.write("Q");
  message.writeInt32BE(5 + Buffer.byteLength(sql), 1);
  message.write(sql, 5);
  return message;
}
