/** The list with the item at `from` moved to the place `to`, both counted from 0; what is out of bounds changes nothing. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  const item = items[from];
  if (item === undefined || to < 0 || to > rest.length) return [...items];
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
