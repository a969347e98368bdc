/** Maximum time that background work blocks the process, in milliseconds. */
const PIECE_MS = 5;

/** Yields to other work between parts of a long task. */
export class Pauses {
  #since = performance.now();

  /** Returns a promise to await before the next part, or null if no pause is due. */
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
