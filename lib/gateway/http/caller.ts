/**
 * Whether the caller is still there. One listener suffices, because one thing at a time is done for a call; an
 * `AbortSignal` would cost more than everything else that is made for it.
 */
export class Caller {
  #gone = false;
  #listener: (() => void) | null = null;

  /** The caller closed its connection, or may wait no longer. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Sets what is to happen when the caller goes away: at once when it has gone already. Null takes the listener away. */
  whenGone(listener: (() => void) | null): void {
    if (this.#gone) listener?.();
    else this.#listener = listener;
  }

  /** Called by the adapter when the connection closes before the answer is handed over. */
  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#listener?.();
    this.#listener = null;
  }
}
