/** Returns the list with the item at `from` moved to `to`, both from 0. Positions out of bounds change nothing. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  const item = items[from];
  if (item === undefined || to < 0 || to > rest.length) return [...items];
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
