import { setFlagsFromString } from "node:v8";

/** By how much of what is in use the heap may grow before it is cleaned up. */
const GROWING_PERCENT = 50;

/**
 * Keeps the heap close to what is in use. V8 by itself lets it grow to several times that while it has time to spare: a
 * gateway with a thousand APIs then holds a hundred megabytes of what finished calls left behind. Cleaning up earlier costs
 * some milliseconds every few seconds, most of them in other threads. To be called before anything is loaded into the heap.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}
