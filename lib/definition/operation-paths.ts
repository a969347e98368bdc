import { foldCase } from "./flow-matcher";

/** An operation: a method, or `*` for any method, and a path below the context path, with parameters as `:id`. */
export interface OperationKey {
  method: string;
  path: string;
}

/** Stands for every method that no other operation of the same path names. */
export const ANY_METHOD = "*";

/** The segments of a flow's or an operation's path: literals, and null for a parameter. A trailing slash means nothing. */
export function patternOf(path: string): (string | null)[] {
  const parts = path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  return parts.map((part) => (part.startsWith(":") ? null : part));
}

/** The same for paths that differ in the names of their parameters only. */
export const shapeOf = (path: string): string =>
  patternOf(path)
    .map((segment) => (segment === null ? "/:" : `/${segment}`))
    .join("") || "/";

/** A segment that equals no literal of these patterns, in any case. */
export function freshSegment(patterns: Iterable<readonly (string | null)[]>): string {
  const literals = new Set<string>();
  for (const pattern of patterns) for (const segment of pattern) if (segment !== null) literals.add(foldCase(segment));
  for (let number = 0; ; number += 1) {
    const candidate = `any${number}`;
    if (!literals.has(foldCase(candidate))) return candidate;
  }
}
