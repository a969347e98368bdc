import { Readable } from "node:stream";

/**
 * A caller's body as the backend client reads it. The client destroys the body of a call that fails, and destroying
 * Node's incoming message closes the caller's connection before the 502 or 504 can be written to it. So the client
 * gets this one to destroy; what remains of the caller's is read and dropped.
 */
export class RequestBody extends Readable {
  readonly #source: Readable;
  #started = false;

  constructor(source: Readable) {
    super();
    this.#source = source;
  }

  readonly #onData = (chunk: Buffer) => {
    if (!this.push(chunk)) this.#source.pause();
  };
  readonly #onEnd = () => {
    this.push(null);
  };
  readonly #onError = (error: Error) => {
    this.destroy(error);
  };
  readonly #onClose = () => {
    if (!this.#source.readableEnded) this.destroy(new Error("The caller's body ended early."));
  };

  override _read(): void {
    if (this.#started) {
      this.#source.resume();
      return;
    }
    this.#started = true;
    this.#source.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#source.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    if (!this.#source.readableEnded && !this.#source.destroyed) {
      // The rest has to be read off the connection, or its next request could not be.
      this.#source.on("error", () => undefined).resume();
    }
    callback(error);
  }
}
