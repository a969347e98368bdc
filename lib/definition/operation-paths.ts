import { foldCase } from "./flow-matcher";
import { segmentOf, writtenSegments } from "./path-segments";

/** An operation: a method, or `*` for any method, and a path below the context path, with parameters as `:id`. */
export interface OperationKey {
  method: string;
  path: string;
}

/** Represents every method that no other operation of the path lists. */
export const ANY_METHOD = "*";

/** The segments of a path: literals, and null for parameters. A trailing slash is ignored. */
export function patternOf(path: string): (string | null)[] {
  return writtenSegments(path)
    .map(segmentOf)
    .map(({ parameter, literal }) => (parameter === null ? literal : null));
}

/** A path's segments with `value` for each parameter. */
export function filledSegments(path: string, value: string): string[] {
  return writtenSegments(path)
    .map(segmentOf)
    .map(({ parameter, literal }) => (parameter === null ? literal : value + literal));
}

/** Equal for paths that differ only in parameter names. */
export const shapeOf = (path: string): string =>
  writtenSegments(path)
    .map(segmentOf)
    .map(({ parameter, literal }) => (parameter === null ? `/${literal}` : `/:${literal}`))
    .join("") || "/";

/** A segment that no literal of these patterns starts with, ignoring case. */
export function freshSegment(patterns: Iterable<readonly (string | null)[]>): string {
  const literals = new Set<string>();
  for (const pattern of patterns) for (const segment of pattern) if (segment !== null) literals.add(foldCase(segment));
  for (let number = 0; ; number += 1) {
    const candidate = `any${number}`;
    const folded = foldCase(candidate);
    if (![...literals].some((literal) => literal.startsWith(folded))) return candidate;
  }
}
