/** The extent of an item along the axis on which a list is reordered, in pixels. */
export interface Extent {
  start: number;
  end: number;
}

/**
 * Where an item that is dragged to `position` would land among the others, which are given in list order.
 * `isReversed` is for lists that run from right to left.
 */
export function dropIndex(others: readonly Extent[], position: number, isReversed = false): number {
  return others.filter(({ start, end }) => {
    const middle = (start + end) / 2;
    return isReversed ? middle > position : middle < position;
  }).length;
}

/** What an arrow key means for a place in a list: one earlier, one later, or nothing. */
export function arrowStep(key: string, isReversed = false): -1 | 0 | 1 {
  if (key === "ArrowUp") return -1;
  if (key === "ArrowDown") return 1;
  if (key === "ArrowLeft") return isReversed ? 1 : -1;
  if (key === "ArrowRight") return isReversed ? -1 : 1;
  return 0;
}

/** What screen readers say about a handle. */
export const REORDER_HELP = "Space lifts, the arrow keys move, Space drops, Escape puts back.";
