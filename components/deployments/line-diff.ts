/** One line of a comparison: in both texts, only in the older, or only in the newer. */
export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Above this many cells the table that finds the longest common lines would cost the browser too much. */
const TABLE_CELLS_MAX = 4_000_000;

/** Lengths of the longest common subsequence of every pair of suffixes, row by row. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  return lengths;
}

const lines = (kind: DiffLine["kind"], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind, text }));

function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  if ((before.length + 1) * (after.length + 1) > TABLE_CELLS_MAX) return [...lines("removed", before), ...lines("added", after)];
  const lengths = commonLengths(before, after);
  const width = after.length + 1;
  const result: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length && column < after.length) {
    const text = before[row] ?? "";
    if (text === after[column]) {
      result.push({ kind: "same", text });
      row += 1;
      column += 1;
    } else if ((lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0)) {
      result.push({ kind: "removed", text });
      row += 1;
    } else {
      result.push({ kind: "added", text: after[column] ?? "" });
      column += 1;
    }
  }
  return [...result, ...lines("removed", before.slice(row)), ...lines("added", after.slice(column))];
}

/**
 * Compares two texts line by line. What is not `added` gives back the older text, what is not `removed` the newer one;
 * no line is marked that both texts have at the same distance from their start or end.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const older = before.split("\n");
  const newer = after.split("\n");
  const shorter = Math.min(older.length, newer.length);
  let start = 0;
  while (start < shorter && older[start] === newer[start]) start += 1;
  let end = 0;
  while (end < shorter - start && older[older.length - 1 - end] === newer[newer.length - 1 - end]) end += 1;
  return [
    ...lines("same", older.slice(0, start)),
    ...middle(older.slice(start, older.length - end), newer.slice(start, newer.length - end)),
    ...lines("same", older.slice(older.length - end)),
  ];
}

/** Part of a comparison, from its line `at` on: lines to show, or how many unchanged ones are left out. */
export type DiffPart = { kind: "lines"; at: number; lines: (DiffLine & { at: number })[] } | { kind: "gap"; at: number; unchanged: number };

/** Leaves out the unchanged lines that are further than `context` lines from a change. */
export function foldUnchanged(diff: readonly DiffLine[], context = 3): DiffPart[] {
  const isNear = diff.map(() => false);
  diff.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let near = Math.max(0, index - context); near <= Math.min(diff.length - 1, index + context); near += 1) isNear[near] = true;
  });
  const parts: DiffPart[] = [];
  diff.forEach((line, index) => {
    const last = parts.at(-1);
    if (isNear[index]) {
      if (last?.kind === "lines") last.lines.push({ ...line, at: index });
      else parts.push({ kind: "lines", at: index, lines: [{ ...line, at: index }] });
    } else if (last?.kind === "gap") last.unchanged += 1;
    else parts.push({ kind: "gap", at: index, unchanged: 1 });
  });
  return parts;
}
