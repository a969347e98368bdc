/** An alignment of two lists: removed, added and paired items. */
export interface Alignment {
  pairs: { before: number; after: number; moved: boolean }[];
  removed: number[];
  added: number[];
}

/** The indexes of the longest increasing subsequence: the items that didn't move. */
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
 * Pairs the items of two lists without IDs. `keys` are identities from the strictest (equal) to the loosest; items pair by the
 * strictest one they share, in order.
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
  const unmoved = inOrder(order.map(([, index]) => index));
  return {
    pairs: order.map(([b, a], index) => ({ before: b, after: a, moved: !unmoved.has(index) })),
    removed: before.flatMap((_, index) => (partner.has(index) ? [] : [index])),
    added: after.flatMap((_, index) => (taken.has(index) ? [] : [index])),
  };
}
