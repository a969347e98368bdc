/** A second at first, doubled with each further failure up to half a minute. */
const FIRST_MS = 1000;
const MAX_MS = 30_000;

/**
 * How long to leave a server alone after a number of failures in a row, in milliseconds: not at all after the first, because
 * most failures pass at once, then exponentially longer, less up to half of it at random so that gateways do not come back together.
 * @param random between 0 and 1
 */
export function backOffMs(failures: number, random: number): number {
  if (failures < 2) return 0;
  const longest = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 2, 10));
  return longest * (1 - random / 2);
}
