/**
 * The order that results from putting one thing at a place, counted from 1; the others keep theirs. Without a place it goes
 * last, and so it does at a place behind the last.
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
 * What has to be written so that rows, given in their order, are numbered from 1 on without a gap: with one of them put at a
 * place, or as they are when none has moved.
 */
export function renumbered(rows: readonly Numbered[], moved?: { id: string; place: number | undefined }): Numbered[] {
  const mover = rows.find((row) => row.id === moved?.id);
  const others = rows.filter((row) => row !== mover);
  const ordered = mover ? placed(others, mover, moved?.place) : others;
  return ordered.flatMap(({ id, priority }, index) => (priority === index + 1 ? [] : [{ id, priority: index + 1 }]));
}
