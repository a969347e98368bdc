import { diffArrays } from "diff";

/** One line of a comparison: in both texts, only in the older, or only in the newer. */
export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Comparing takes time that grows with the square of the differing lines: about half a second for so many. */
const DIFFERENCES_MAX = 3000;

const lines = (kind: DiffLine["kind"], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind, text }));

/**
 * Compares two texts line by line. What is not `added` gives back the older text, what is not `removed` the newer one.
 * Texts that differ in more than 3,000 lines are shown as replaced.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [older, newer] = [before.split("\n"), after.split("\n")];
  const parts = diffArrays(older, newer, { maxEditLength: DIFFERENCES_MAX });
  if (parts === undefined) return [...lines("removed", older), ...lines("added", newer)];
  return parts.flatMap(({ added, removed, value }) => lines(added ? "added" : removed ? "removed" : "same", value));
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
