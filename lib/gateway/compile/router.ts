import { foldCase } from "@/lib/definition/flow-matcher";

/** Finds the entry of the longest context path that is a prefix, by whole segments, of a canonical path. */
export interface ContextRouter<T> {
  find(path: string): { value: T; rest: string; depth: number } | null;
  /** Number of segments of the longest nested context path. */
  nestedDepth: number;
  /**
   * Whether any reading of a path, ignoring case, belongs to a longer context path than the one found, which has the given depth.
   * A backend shared by both APIs may read it so, without the other API's rules having run.
   */
  leadsDeeper(readings: readonly (readonly string[])[], depth: number): boolean;
}

/** Nested context paths, folded by `foldCase`, and the number of segments of the longest. */
function nestedContexts(keys: ReadonlySet<string>): { folded: ReadonlySet<string>; maxDepth: number } {
  const folded = new Set<string>();
  let maxDepth = 0;
  for (const key of keys) {
    const parts = key.split("/");
    if (!parts.some((_part, index) => index > 0 && keys.has(parts.slice(0, index).join("/")))) continue;
    folded.add(foldCase(key));
    maxDepth = Math.max(maxDepth, parts.length - 1);
  }
  return { folded, maxDepth };
}

/**
 * Compiles context paths. They consist of unreserved characters, so each has one canonical spelling, found by a map lookup.
 * The rest starts with a slash or is empty.
 */
export function compileContexts<T>(entries: Iterable<readonly [contextPath: string, value: T]>): ContextRouter<T> {
  const byPath = new Map<string, T>();
  let maxDepth = 0;
  for (const [contextPath, value] of entries) {
    const key = contextPath === "/" ? "" : contextPath;
    byPath.set(key, value);
    maxDepth = Math.max(maxDepth, key.split("/").length - 1);
  }
  const nested = nestedContexts(new Set(byPath.keys()));
  return {
    nestedDepth: nested.maxDepth,
    leadsDeeper(readings, depth) {
      return readings.some((segments) => {
        let key = "";
        for (let index = 0; index < Math.min(segments.length, nested.maxDepth); index += 1) {
          key += `/${foldCase(segments[index] ?? "")}`;
          if (index >= depth && nested.folded.has(key)) return true;
        }
        return false;
      });
    },
    find(path) {
      let found: { value: T; rest: string; depth: number } | null = null;
      let end = 0;
      for (let depth = 0; depth <= maxDepth; depth += 1) {
        const value = byPath.get(path.slice(0, end));
        if (value !== undefined) found = { value, rest: path.slice(end), depth };
        if (end >= path.length) break;
        const next = path.indexOf("/", end + 1);
        end = next === -1 ? path.length : next;
      }
      return found;
    },
  };
}
