import type { Flow } from "./schema";

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
export const foldCase = (text: string) => text.toLowerCase().toUpperCase();

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
