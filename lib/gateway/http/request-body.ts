import { Readable } from "node:stream";

/** The request body paused too long or was too slow. */
export class CallerTooSlowError extends Error {
  override name = "CallerTooSlowError";
}

/** A body of up to this many bytes is there as a whole before its request takes a place at the backend. */
export const SMALL_BYTES_MAX = 65_536;
/** Of a larger body, this much. */
const BEGINNING_BYTES = 16_384;
/** A body whose length nobody stated may be a stream that lives for as long as its response: it is sent after this time, however little is there. */
const UNSTATED_WAIT_MS = 1000;
/** What a client has to send in a second, on average, while the gateway waits for it. */
export const MIN_BYTES_PER_SECOND = 500;

/** How patient the gateway is with a client's body. */
export interface BodyPatience {
  /** Milliseconds that it may pause, and after which its rate counts. */
  idleTimeoutMs: number;
  /** Bytes a second. */
  minRate: number;
}

/**
 * A caller's body as the backend client reads it. The client destroys the body of a call that fails, and destroying
 * Node's incoming message closes the caller's connection before the 502 or 504 can be written to it. So the client
 * gets this one to destroy; what remains of the caller's is read and dropped. A caller that pauses for too long, or sends
 * too slowly, while the backend waits ends the call, so that slow senders hold no backend connections.
 */
export class RequestBody extends Readable {
  readonly #source: Readable;
  readonly #patience: BodyPatience;
  readonly #idle: NodeJS.Timeout;
  #started = false;
  #wanted = false;
  #arrived = false;
  #kept: Buffer[] | null;
  #bytes = 0;
  /** Since when the rate is measured, how much has come since, and whether the backend was the slow one meanwhile. */
  #since = performance.now();
  #sinceBytes = 0;
  #waitedForBackend = false;
  /** Called when enough is there, with null, or when the body failed before. */
  #ready: ((error: Error | null) => void) | null = null;
  #readyBytes = 0;
  #readyTimer: NodeJS.Timeout | undefined;
  #whenOver: (() => void) | null = null;

  /** Up to `keptBytesMax` bytes are kept, so that the body can be sent once more. */
  constructor(
    source: Readable,
    patience: BodyPatience,
    private readonly keptBytesMax = 0,
  ) {
    // One more than is waited for: a buffer that is full would stop what it waits for.
    super({ highWaterMark: SMALL_BYTES_MAX + 1 });
    this.#kept = keptBytesMax > 0 ? [] : null;
    this.#source = source;
    this.#patience = patience;
    const { idleTimeoutMs } = patience;
    this.#idle = setTimeout(() => {
      if (this.#wanted) this.destroy(new CallerTooSlowError(`The request body paused for ${idleTimeoutMs} ms.`));
      // The backend is the slow one: its own timeout decides.
      else this.#idle.refresh();
    }, idleTimeoutMs);
  }

  /** Returns the whole body if it arrived and fits the buffer; otherwise null. */
  get whole(): Buffer | null {
    return this.#arrived && this.#kept ? Buffer.concat(this.#kept) : null;
  }

  /** All of it has arrived. */
  get arrived(): boolean {
    return this.#arrived;
  }

  /**
   * Reads ahead, and calls back once: with null when enough of the body is there to take a place at the backend, or with the
   * reason why it never will be. @param statedBytes its length, or null when it has not been stated
   */
  whenReady(statedBytes: number | null, ready: (error: Error | null) => void): void {
    this.#ready = ready;
    this.#readyBytes = statedBytes !== null && statedBytes <= SMALL_BYTES_MAX ? Number.POSITIVE_INFINITY : BEGINNING_BYTES;
    if (statedBytes === null) this.#readyTimer = setTimeout(() => this.#tell(null), UNSTATED_WAIT_MS);
    this._read();
  }

  /** Calls back once when the body has ended, immediately if it already has. */
  whenOver(over: () => void): void {
    if (this.#arrived || this.destroyed) over();
    else this.#whenOver = over;
  }

  #tell(error: Error | null): void {
    const ready = this.#ready;
    this.#ready = null;
    clearTimeout(this.#readyTimer);
    ready?.(error);
  }

  #over(): void {
    const over = this.#whenOver;
    this.#whenOver = null;
    over?.();
  }

  /** Whether the client has sent enough since the rate was measured last. It is looked at when a piece arrives; a pause has its own limit. */
  #isTooSlow(): boolean {
    const now = performance.now();
    const elapsed = now - this.#since;
    if (elapsed < this.#patience.idleTimeoutMs) return false;
    const isTooSlow = !this.#waitedForBackend && (this.#sinceBytes * 1000) / elapsed < this.#patience.minRate;
    this.#since = now;
    this.#sinceBytes = 0;
    this.#waitedForBackend = !this.#wanted;
    return isTooSlow;
  }

  readonly #onData = (chunk: Buffer) => {
    this.#idle.refresh();
    this.#bytes += chunk.length;
    this.#sinceBytes += chunk.length;
    if (this.#isTooSlow()) {
      this.destroy(new CallerTooSlowError(`The request body is slower than ${this.#patience.minRate} bytes per second.`));
      return;
    }
    if (this.#bytes > this.keptBytesMax) this.#kept = null;
    else this.#kept?.push(chunk);
    if (!this.push(chunk)) {
      this.#wanted = false;
      this.#waitedForBackend = true;
      this.#source.pause();
    }
    if (this.#bytes >= this.#readyBytes) this.#tell(null);
  };
  readonly #onEnd = () => {
    clearTimeout(this.#idle);
    this.#arrived = true;
    this.push(null);
    this.#tell(null);
    this.#over();
  };
  readonly #onError = (error: Error) => {
    this.destroy(error);
  };
  readonly #onClose = () => {
    if (!this.#source.readableEnded) this.destroy(new Error("The request body ended early."));
  };

  override _read(): void {
    this.#wanted = true;
    if (this.#started) {
      this.#source.resume();
      return;
    }
    this.#started = true;
    this.#source.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearTimeout(this.#idle);
    this.#source.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    if (!this.#source.readableEnded && !this.#source.destroyed) {
      // The rest has to be read off the connection, or its next request could not be.
      this.#source.on("error", () => undefined).resume();
    }
    // Nobody listens to the stream itself before it is handed to the backend's client.
    if (this.#ready) {
      this.#tell(error ?? new Error("The request body was discarded."));
      callback(null);
    } else callback(error);
    this.#over();
  }
}
