/** Two lists put side by side: what was in the first only, in the second only, and in both. */
export interface Alignment {
  pairs: { before: number; after: number; moved: boolean }[];
  removed: number[];
  added: number[];
}

/** The longest increasing run of `values`, as a set of indexes: what stayed in order while the rest moved around it. */
function inOrder(values: readonly number[]): Set<number> {
  const best: number[] = [];
  const previous = new Array<number>(values.length).fill(-1);
  const tails: number[] = [];
  values.forEach((value, index) => {
    let at = tails.findIndex((tail) => (values[tail] ?? 0) >= value);
    if (at < 0) at = tails.length;
    previous[index] = at > 0 ? (tails[at - 1] ?? -1) : -1;
    tails[at] = index;
  });
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) best.push(index);
  return new Set(best);
}

/**
 * Pairs the items of two lists that have no ids. `keys` give each item's identities from the strictest
 * (everything equal) to the loosest; items pair by the strictest one they share, in order.
 */
export function align<T>(before: readonly T[], after: readonly T[], keys: readonly ((item: T) => string)[]): Alignment {
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    const free = new Map<string, number[]>();
    after.forEach((item, index) => {
      if (!taken.has(index)) free.set(key(item), [...(free.get(key(item)) ?? []), index]);
    });
    before.forEach((item, index) => {
      if (partner.has(index)) return;
      const match = free.get(key(item))?.shift();
      if (match === undefined) return;
      partner.set(index, match);
      taken.add(match);
    });
  }
  const order = [...partner].sort(([a], [b]) => a - b);
  const kept = inOrder(order.map(([, index]) => index));
  return {
    pairs: order.map(([b, a], index) => ({ before: b, after: a, moved: !kept.has(index) })),
    removed: before.flatMap((_, index) => (partner.has(index) ? [] : [index])),
    added: after.flatMap((_, index) => (taken.has(index) ? [] : [index])),
  };
}
