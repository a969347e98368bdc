import { endsWithSuffix, segmentOf, writtenSegments } from "./path-segments";
import type { Flow } from "./schema";

/** The required part of a flow. */
export type Matchable = Pick<Flow, "match">;

interface Pattern {
  /** Null for a segment with a parameter. */
  literals: readonly (string | null)[];
  /** The text after each segment's parameter, or "". Null when no segment has one. */
  suffixes: readonly string[] | null;
}

interface CompiledMatch {
  index: number;
  segments: Pattern;
  folded: Pattern;
  exactLength: boolean;
  /** Null for all methods. */
  methods: ReadonlySet<string> | null;
  /** A literal has letters, so other cases exist. */
  hasCase: boolean;
}

/** Returns the indexes of the flows to run, in order; null (404) when a flow matches only if case is ignored. */
export type FlowMatcher = (method: string, readings: readonly (readonly string[])[]) => readonly number[] | null;

/** Matches a character that Unicode normalization or case folding may change. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
export const NOT_ASCII = /[^\u0000-\u007f]/;

/**
 * Normalizes text as file systems and frameworks may do (UAX 15, NFKC; without ignorable characters): `é` in one character or two,
 * full-width letters, `ﬁ`, a soft hyphen, a zero-width joiner.
 */
export const normalizeText = (text: string): string =>
  NOT_ASCII.test(text)
    ? text
        .normalize("NFKC")
        .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
        .normalize("NFKC")
    : text;

/** Folds text that a case-insensitive, normalizing backend may treat as equal, such as K and the Kelvin sign. */
export const foldCase = (text: string): string => normalizeText(normalizeText(text).toLowerCase().toUpperCase());

/** Shared method sets, because flows repeat the same lists and a set is larger than the rest of a match. */
const methodSets = new Map<string, ReadonlySet<string>>();
const METHOD_SETS_MAX = 1000;

/** HEAD is a GET without a body (RFC 9110, 9.3.2), so a flow for GET includes HEAD. */
function methodsOf(listed: readonly string[]): ReadonlySet<string> {
  const key = listed.join(" ");
  const known = methodSets.get(key);
  if (known) return known;
  const methods = new Set(listed.includes("GET") ? [...listed, "HEAD"] : listed);
  if (methodSets.size < METHOD_SETS_MAX) methodSets.set(key, methods);
  return methods;
}

function foldedPattern({ literals, suffixes }: Pattern): Pattern {
  return {
    literals: literals.map((literal) => (literal === null ? null : foldCase(literal))),
    suffixes: suffixes?.map(foldCase) ?? null,
  };
}

const hasLetters = (text: string | null) => text !== null && (NOT_ASCII.test(text) || text.toLowerCase() !== text.toUpperCase());

function compileMatch(flow: Matchable, index: number): CompiledMatch {
  const parts = writtenSegments(flow.match.path).map(segmentOf);
  const suffixes = parts.map(({ parameter, literal }) => (parameter === null ? "" : literal));
  const segments: Pattern = {
    literals: parts.map(({ parameter, literal }) => (parameter === null ? literal : null)),
    suffixes: suffixes.some((suffix) => suffix !== "") ? suffixes : null,
  };
  const hasCase = segments.literals.some(hasLetters) || (segments.suffixes?.some(hasLetters) ?? false);
  return {
    index,
    segments,
    folded: hasCase ? foldedPattern(segments) : segments,
    exactLength: flow.match.operator === "equals",
    methods: flow.match.methods.length > 0 ? methodsOf(flow.match.methods) : null,
    hasCase,
  };
}

/** `path` may be cut off behind the longest pattern; `length` is that of the whole one. */
function pathMatches({ literals, suffixes }: Pattern, exactLength: boolean, path: readonly string[], length = path.length): boolean {
  if (exactLength ? length !== literals.length : length < literals.length) return false;
  for (let index = 0; index < literals.length; index += 1) {
    const literal = literals[index];
    if (literal !== null && literal !== path[index]) return false;
  }
  if (suffixes === null) return true;
  return suffixes.every((suffix, index) => suffix === "" || endsWithSuffix(path[index] ?? "", suffix));
}

/**
 * The specificity of a segment: none, parameter, parameter with suffix (longer is more specific), literal.
 */
function rank({ literals, suffixes }: Pattern, index: number): number {
  const literal = literals[index];
  if (literal === undefined) return 0;
  return literal === null ? 1 + (suffixes?.[index]?.length ?? 0) : Number.MAX_SAFE_INTEGER;
}

/** Orders flows from the most to the least specific, for any path that both match. */
function bySpecificity(a: CompiledMatch, b: CompiledMatch): number {
  for (let index = 0; index < Math.max(a.segments.literals.length, b.segments.literals.length); index += 1) {
    const difference = rank(b.segments, index) - rank(a.segments, index);
    if (difference !== 0) return difference;
  }
  return Number(b.exactLength) - Number(a.exactLength) || Number(b.methods !== null) - Number(a.methods !== null) || a.index - b.index;
}

/**
 * Compiles the matches of an API's enabled flows. `all` selects every match in order; `best` only the most specific: by segment from
 * the left (literal, parameter, none), then `equals`, listed methods, order. Selects the union over all readings of a path.
 */
export function compileFlows(flows: readonly Matchable[], selection: "all" | "best"): FlowMatcher {
  const inOrder = flows.map(compileMatch);
  const cased = inOrder.filter((match) => match.hasCase);
  const casedDepth = Math.max(0, ...cased.map(({ segments }) => segments.literals.length));
  const candidates = selection === "best" ? [...inOrder].sort(bySpecificity) : inOrder;

  const differsInCaseOnly = (path: readonly string[]) => {
    if (cased.length === 0) return false;
    // Folding is slow: behind the longest pattern no segment is looked at.
    const folded = path.slice(0, casedDepth).map(foldCase);
    return cased.some(
      (match) => pathMatches(match.folded, match.exactLength, folded, path.length) && !pathMatches(match.segments, match.exactLength, path),
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
