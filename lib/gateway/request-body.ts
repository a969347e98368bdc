import { Readable } from "node:stream";

/** The caller's body paused for too long. */
export class CallerTooSlowError extends Error {
  override name = "CallerTooSlowError";
}

/**
 * A caller's body as the backend client reads it. The client destroys the body of a call that fails, and destroying
 * Node's incoming message closes the caller's connection before the 502 or 504 can be written to it. So the client
 * gets this one to destroy; what remains of the caller's is read and dropped. A caller that pauses for too long while
 * the backend waits ends the call, so that slow senders hold no backend connections.
 */
export class RequestBody extends Readable {
  readonly #source: Readable;
  readonly #idle: NodeJS.Timeout;
  #started = false;
  #wanted = false;
  #arrived = false;
  #kept: Buffer[] | null;
  #keptBytes = 0;

  /** Up to `keptBytesMax` bytes are kept, so that the body can be sent once more. */
  constructor(
    source: Readable,
    idleTimeoutMs: number,
    private readonly keptBytesMax = 0,
  ) {
    super();
    this.#kept = keptBytesMax > 0 ? [] : null;
    this.#source = source;
    this.#idle = setTimeout(() => {
      if (this.#wanted) this.destroy(new CallerTooSlowError(`The caller's body paused for ${idleTimeoutMs} ms.`));
      // The backend is the slow one: its own timeout decides.
      else this.#idle.refresh();
    }, idleTimeoutMs);
  }

  /** The whole body, when all of it has arrived and was small enough to be kept; null otherwise. */
  get whole(): Buffer | null {
    return this.#arrived && this.#kept ? Buffer.concat(this.#kept) : null;
  }

  readonly #onData = (chunk: Buffer) => {
    this.#idle.refresh();
    this.#keptBytes += chunk.length;
    if (this.#keptBytes > this.keptBytesMax) this.#kept = null;
    else this.#kept?.push(chunk);
    if (!this.push(chunk)) {
      this.#wanted = false;
      this.#source.pause();
    }
  };
  readonly #onEnd = () => {
    clearTimeout(this.#idle);
    this.#arrived = true;
    this.push(null);
  };
  readonly #onError = (error: Error) => {
    this.destroy(error);
  };
  readonly #onClose = () => {
    if (!this.#source.readableEnded) this.destroy(new Error("The caller's body ended early."));
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
    callback(error);
  }
}
