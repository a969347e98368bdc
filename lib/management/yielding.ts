import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest time to block the thread, which also serves the embedded gateway. */
const SLICE_MS = 5;

/** Divides long work into slices, so requests are served in between. */
export interface Slices {
  /** Yields to requests if the slice is used up. */
  pause(): Promise<void>;
}

/** Starts the first slice. */
export function slices(): Slices {
  let since = performance.now();
  return {
    async pause() {
      if (performance.now() - since < SLICE_MS) return;
      await nextTurn();
      since = performance.now();
    },
  };
}

/** Runs a generator to its end, and yields to requests between slices. */
export async function runSteps<T>(steps: Generator<undefined, T>): Promise<T> {
  const work = slices();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await work.pause();
  }
}
