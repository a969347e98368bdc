/** Reports only new items of a poll. */
export interface News<T> {
  /** The items that the last call didn't have. */
  of(current: readonly T[]): T[];
}

/** @param keyOf the identity of an item */
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
