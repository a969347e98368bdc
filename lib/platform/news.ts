/** Keeps a poll from saying the same thing twice a second: only what is new is news. */
export interface News<T> {
  /** Which of these were not there the last time. What went away and comes back is new again. */
  of(current: readonly T[]): T[];
}

/** News about things that `keyOf` tells apart. */
export function news<T>(keyOf: (item: T) => string): News<T> {
  let known: ReadonlySet<string> = new Set();
  return {
    of(current) {
      const fresh = current.filter((item) => !known.has(keyOf(item)));
      known = new Set(current.map(keyOf));
      return fresh;
    },
  };
}
