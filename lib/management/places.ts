/**
 * Inserts an item at a position, counted from 1. Without a position, or beyond the end, it becomes the last.
 */
export function placed<T>(others: readonly T[], moved: T, place: number = others.length + 1): T[] {
  const index = Math.min(place, others.length + 1) - 1;
  return [...others.slice(0, index), moved, ...others.slice(index)];
}

interface Numbered {
  id: string;
  priority: number;
}

/**
 * Returns the rows whose priority must change to number all rows from 1 without gaps.
 * @param rows in their current order
 * @param moved the row to move, if any
 */
export function renumbered(rows: readonly Numbered[], moved?: { id: string; place: number | undefined }): Numbered[] {
  const mover = rows.find((row) => row.id === moved?.id);
  const others = rows.filter((row) => row !== mover);
  const ordered = mover ? placed(others, mover, moved?.place) : others;
  return ordered.flatMap(({ id, priority }, index) => (priority === index + 1 ? [] : [{ id, priority: index + 1 }]));
}
