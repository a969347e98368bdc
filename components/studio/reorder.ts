/** The extent of an item along the axis on which a list is reordered, in pixels. */
export interface Extent {
  start: number;
  end: number;
}

/**
 * Returns the index at which an item dragged to `position` lands among the others, given in list order. `isReversed` is
 * for right-to-left lists.
 */
export function dropIndex(others: readonly Extent[], position: number, isReversed = false): number {
  return others.filter(({ start, end }) => {
    const middle = (start + end) / 2;
    return isReversed ? middle > position : middle < position;
  }).length;
}

/** Returns the offset of an arrow key: -1, 1, or 0. */
export function arrowStep(key: string, isReversed = false): -1 | 0 | 1 {
  if (key === "ArrowUp") return -1;
  if (key === "ArrowDown") return 1;
  if (key === "ArrowLeft") return isReversed ? 1 : -1;
  if (key === "ArrowRight") return isReversed ? -1 : 1;
  return 0;
}

/** Help for screen readers. */
export const REORDER_HELP = "Press Space to lift, arrow keys to move, Space to drop, Escape to cancel.";
