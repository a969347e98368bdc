/** For how long work that can wait holds everything else, in milliseconds. */
const PIECE_MS = 5;

/** Lets other work of this process go on between the pieces of a long one. */
export class Pauses {
  #since = performance.now();

  /** Null while the work has not taken long; otherwise what to wait for before its next piece. */
  due(): Promise<void> | null {
    if (performance.now() - this.#since < PIECE_MS) return null;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#since = performance.now();
        resolve();
      });
    });
  }
}
