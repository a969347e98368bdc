import { foldCase } from "@/lib/definition/flow-matcher";

/** Finds what stands at the longest context path that is a prefix, by whole segments, of a canonical path. */
export interface ContextRouter<T> {
  find(path: string): { value: T; rest: string; depth: number } | null;
  /** The number of segments of the longest context path that lies below another one. */
  nestedDepth: number;
  /**
   * Whether some reading of a path, case ignored, stands at a longer context path than the one of the given depth that was
   * found for it. A backend that both share may read it so, and the rules of the other context path would not have run.
   */
  leadsDeeper(readings: readonly (readonly string[])[], depth: number): boolean;
}

/** The context paths that lie below another one, folded as `foldCase` does, and the number of segments of the longest. */
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
 * Compiles context paths. They consist of unreserved characters, so each has one canonical spelling and
 * a look-up in a map decides; the rest starts with a slash or is empty.
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
