/**
 * Tracks whether the client is connected. It has one listener, because a request does one thing at a time. An `AbortSignal`
 * would cost more than all other allocations of a request.
 */
export class Caller {
  #gone = false;
  #listener: (() => void) | null = null;

  /** Whether the client disconnected, or the request was ended. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Sets the disconnect listener, called immediately if the client has already disconnected. Null removes it. */
  whenGone(listener: (() => void) | null): void {
    if (this.#gone) listener?.();
    else this.#listener = listener;
  }

  /** Called by the adapter when the connection closes before the response is complete. */
  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#listener?.();
    this.#listener = null;
  }
}
