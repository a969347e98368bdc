import type { Flow } from "@/lib/definition/schema";

/** What matching needs of a flow. */
export type Matchable = Pick<Flow, "match">;

interface CompiledMatch {
  index: number;
  /** Literals, and null for a parameter. */
  segments: readonly (string | null)[];
  folded: readonly (string | null)[];
  exactLength: boolean;
  /** Null for all methods. */
  methods: ReadonlySet<string> | null;
  /** Some literal has letters, so that a spelling in another case exists. */
  hasCase: boolean;
}

/** The indexes of the flows to run, in order; or null when a flow matches only if case is ignored: that is a 404. */
export type FlowMatcher = (method: string, readings: readonly (readonly string[])[]) => readonly number[] | null;

/** Folds case so that everything is equal that a case-blind backend might hold equal, such as K and the Kelvin sign. */
const foldCase = (text: string) => text.toLowerCase().toUpperCase();

/** Flows list the same few methods over and over, and each set would take more memory than the rest of its match. */
const methodSets = new Map<string, ReadonlySet<string>>();
const METHOD_SETS_MAX = 1000;

/** A backend runs its GET for HEAD and leaves the body out (RFC 9110, section 9.3.2), so what guards GET guards HEAD. */
function methodsOf(listed: readonly string[]): ReadonlySet<string> {
  const key = listed.join(" ");
  const known = methodSets.get(key);
  if (known) return known;
  const methods = new Set(listed.includes("GET") ? [...listed, "HEAD"] : listed);
  if (methodSets.size < METHOD_SETS_MAX) methodSets.set(key, methods);
  return methods;
}

function compileMatch(flow: Matchable, index: number): CompiledMatch {
  const parts = flow.match.path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  const segments = parts.map((part) => (part.startsWith(":") ? null : part));
  const hasCase = segments.some((segment) => segment !== null && segment.toLowerCase() !== segment.toUpperCase());
  return {
    index,
    segments,
    folded: hasCase ? segments.map((segment) => (segment === null ? null : foldCase(segment))) : segments,
    exactLength: flow.match.operator === "equals",
    methods: flow.match.methods.length > 0 ? methodsOf(flow.match.methods) : null,
    hasCase,
  };
}

function pathMatches(pattern: readonly (string | null)[], exactLength: boolean, path: readonly string[]): boolean {
  if (exactLength ? path.length !== pattern.length : path.length < pattern.length) return false;
  for (let index = 0; index < pattern.length; index += 1) {
    const literal = pattern[index];
    if (literal !== null && literal !== path[index]) return false;
  }
  return true;
}

const rank = (segment: string | null | undefined) => (segment === undefined ? 0 : segment === null ? 1 : 2);

/** Orders flows from the most to the least specific. It holds for any path that both match. */
function bySpecificity(a: CompiledMatch, b: CompiledMatch): number {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index += 1) {
    const difference = rank(b.segments[index]) - rank(a.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(b.exactLength) - Number(a.exactLength) || Number(b.methods !== null) - Number(a.methods !== null) || a.index - b.index;
}

/**
 * Compiles the matches of an API's enabled flows. `all` selects every flow that matches, in order; `best` only the
 * most specific one: literal before parameter before nothing, segment by segment from the left, then `equals`,
 * then listed methods, then order. With several readings of a path, what any of them selects is selected.
 */
export function compileFlows(flows: readonly Matchable[], selection: "all" | "best"): FlowMatcher {
  const inOrder = flows.map(compileMatch);
  const cased = inOrder.filter((match) => match.hasCase);
  const candidates = selection === "best" ? [...inOrder].sort(bySpecificity) : inOrder;

  const differsInCaseOnly = (path: readonly string[]) => {
    if (cased.length === 0) return false;
    const folded = path.map(foldCase);
    return cased.some(
      (match) => pathMatches(match.folded, match.exactLength, folded) && !pathMatches(match.segments, match.exactLength, path),
    );
  };

  const select = (method: string, path: readonly string[], selected: number[]) => {
    for (const match of candidates) {
      if (match.methods !== null && !match.methods.has(method)) continue;
      if (!pathMatches(match.segments, match.exactLength, path)) continue;
      selected.push(match.index);
      if (selection === "best") return;
    }
  };

  return (method, readings) => {
    const selected: number[] = [];
    for (const path of readings) {
      if (differsInCaseOnly(path)) return null;
      select(method, path, selected);
    }
    return readings.length === 1 ? selected : [...new Set(selected)].sort((a, b) => a - b);
  };
}

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
