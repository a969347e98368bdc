/** 1 second, doubled with each further failure, up to 30 seconds. */
const FIRST_MS = 1000;
const MAX_MS = 30_000;

/**
 * Returns the back-off after consecutive failures, in milliseconds: 0 after the first, because most failures are transient,
 * then exponential. Up to half of it is subtracted at random, so gateways don't retry at the same time.
 * @param random between 0 and 1
 */
export function backOffMs(failures: number, random: number): number {
  if (failures < 2) return 0;
  const longest = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 2, 10));
  return longest * (1 - random / 2);
}
