import { setImmediate as nextTurn } from "node:timers/promises";

/** For how long work may hold this thread, which serves the embedded gateway's calls too, before the others get a turn. */
const SLICE_MS = 5;

/** Work that stops now and then, so that calls of the gateway are served in between. */
export interface Slices {
  /** Lets the others have a turn when it is time. */
  pause(): Promise<void>;
}

/** Begins such work. */
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

/** Runs steps to their end, with pauses. */
export async function runSteps<T>(steps: Generator<undefined, T>): Promise<T> {
  const work = slices();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await work.pause();
  }
}
