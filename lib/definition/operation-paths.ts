import { foldCase } from "./flow-matcher";
import { segmentOf, writtenSegments } from "./path-segments";

/** An operation: a method, or `*` for any method, and a path below the context path, with parameters as `:id`. */
export interface OperationKey {
  method: string;
  path: string;
}

/** Stands for every method that no other operation of the same path names. */
export const ANY_METHOD = "*";

/** The segments of a flow's or an operation's path: literals, and null for what has a parameter. A trailing slash means nothing. */
export function patternOf(path: string): (string | null)[] {
  return writtenSegments(path)
    .map(segmentOf)
    .map(({ parameter, literal }) => (parameter === null ? literal : null));
}

/** A path's segments with `value` in the place of each parameter. */
export function filledSegments(path: string, value: string): string[] {
  return writtenSegments(path)
    .map(segmentOf)
    .map(({ parameter, literal }) => (parameter === null ? literal : value + literal));
}

/** The same for paths that differ in the names of their parameters only. */
export const shapeOf = (path: string): string =>
  writtenSegments(path)
    .map(segmentOf)
    .map(({ parameter, literal }) => (parameter === null ? `/${literal}` : `/:${literal}`))
    .join("") || "/";

/** The beginning of a segment with which no literal of these patterns begins, in any case. Nothing that may follow a parameter is in it. */
export function freshSegment(patterns: Iterable<readonly (string | null)[]>): string {
  const literals = new Set<string>();
  for (const pattern of patterns) for (const segment of pattern) if (segment !== null) literals.add(foldCase(segment));
  for (let number = 0; ; number += 1) {
    const candidate = `any${number}`;
    const folded = foldCase(candidate);
    if (![...literals].some((literal) => literal.startsWith(folded))) return candidate;
  }
}
