/** Upper bounds of buckets, in seconds. */
export const CALL_BOUNDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Upper bounds for steps, from a memory lookup to a slow authorization server. */
export const STEP_BOUNDS: readonly number[] = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** A histogram of durations. An observation costs a few comparisons and an addition. */
export class Histogram {
  /** Non-cumulative bucket counts; the last bucket has no upper bound. */
  readonly counts: number[];
  /** Milliseconds. */
  sumMs = 0;
  readonly #boundsMs: readonly number[];

  /** @param bounds in seconds, ascending */
  constructor(readonly bounds: readonly number[]) {
    this.#boundsMs = bounds.map((seconds) => seconds * 1000);
    this.counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  }

  /** @param durationMs not negative */
  observe(durationMs: number): void {
    const bounds = this.#boundsMs;
    let index = 0;
    while (index < bounds.length && durationMs > (bounds[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sumMs += durationMs;
  }
}
