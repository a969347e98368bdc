import { compileFlows, type Matchable } from "./flow-matcher";
import { filledSegments, freshSegment, patternOf, shapeOf } from "./operation-paths";
import { endsWithSuffix, segmentOf, writtenSegments } from "./path-segments";
import { type Flow, METHODS } from "./schema";

/** The requests that a match selects. Regions are closed under intersection. */
export interface Region {
  /** Segments as written: literals, and parameters with colon and suffix. */
  parts: readonly string[];
  exactLength: boolean;
  /** Includes HEAD if it includes GET. Null: all. */
  methods: ReadonlySet<string> | null;
}

/** The region of a match. */
export function regionOf({ path, operator, methods }: Flow["match"]): Region {
  const parts = writtenSegments(path);
  const listed = methods.length === 0 ? null : new Set<string>(methods);
  if (listed?.has("GET")) listed.add("HEAD");
  return { parts, exactLength: operator === "equals", methods: listed };
}

/** The match that selects a region. */
export function matchOf({ parts, exactLength, methods }: Region): Flow["match"] {
  const taken = new Set<string>();
  const unique = parts.map((part, index) => {
    const { parameter, literal } = segmentOf(part);
    if (parameter === null) return part;
    let name = parameter;
    for (let number = index + 1; taken.has(name); number += 1) name = `p${number}`;
    taken.add(name);
    return `:${name}${literal}`;
  });
  return {
    path: `/${unique.join("/")}`,
    operator: exactLength ? "equals" : "startsWith",
    methods: methods === null ? [] : METHODS.filter((method) => methods.has(method) && !(method === "HEAD" && methods.has("GET"))),
  };
}

/** Equal for regions that select the same requests. */
export function regionKey({ parts, exactLength, methods }: Region): string {
  return `${exactLength ? "=" : "^"}${shapeOf(`/${parts.join("/")}`)} ${methods === null ? "*" : METHODS.filter((method) => methods.has(method)).join(",")}`;
}

/** The intersection of two segments, as written; null when it's empty. */
function commonPart(one: string, other: string): string | null {
  if (one === other) return one;
  const [a, b] = [segmentOf(one), segmentOf(other)];
  if (a.parameter === null && b.parameter === null) return a.literal === b.literal ? one : null;
  if (a.parameter === null) return endsWithSuffix(a.literal, b.literal) ? one : null;
  if (b.parameter === null) return endsWithSuffix(b.literal, a.literal) ? other : null;
  if (a.literal.endsWith(b.literal)) return one;
  return b.literal.endsWith(a.literal) ? other : null;
}

/** The intersection of two regions; null when it's empty. */
export function intersection(a: Region, b: Region): Region | null {
  if (a.exactLength && b.parts.length > a.parts.length) return null;
  if (b.exactLength && a.parts.length > b.parts.length) return null;
  const parts: string[] = [];
  for (let index = 0; index < Math.max(a.parts.length, b.parts.length); index += 1) {
    const [one, other] = [a.parts[index] ?? b.parts[index], b.parts[index] ?? a.parts[index]];
    const common = one === undefined || other === undefined ? null : commonPart(one, other);
    if (common === null) return null;
    parts.push(common);
  }
  let { methods } = a;
  if (b.methods !== null) methods = methods === null ? b.methods : new Set([...methods].filter((method) => b.methods?.has(method)));
  if (methods?.size === 0) return null;
  return { parts, exactLength: a.exactLength || b.exactLength, methods };
}

/** Whether `outer` contains every request of `inner`. */
export function contains(outer: Region, inner: Region): boolean {
  const common = intersection(outer, inner);
  return common !== null && regionKey(common) === regionKey(inner);
}

/** A measure of specificity that is higher than that of every containing region. */
const demand = ({ parts, exactLength, methods }: Region) =>
  parts.reduce((sum, part) => sum + 1 + segmentOf(part).literal.length, 0) +
  Number(exactLength) +
  METHODS.length +
  1 -
  (methods?.size ?? METHODS.length + 1);

/**
 * The regions and all their intersections without duplicates, each after the regions that contain it. Null when there are more than
 * `max`.
 */
export function closureOf(regions: readonly Region[], max: number): Region[] | null {
  const byKey = new Map(regions.map((region) => [regionKey(region), region]));
  const waiting = [...byKey.values()];
  for (let region = waiting.pop(); region !== undefined; region = waiting.pop()) {
    for (const other of regions) {
      const common = intersection(region, other);
      if (common === null || byKey.has(regionKey(common))) continue;
      byKey.set(regionKey(common), common);
      waiting.push(common);
      if (byKey.size > max) return null;
    }
  }
  return [...byKey.values()].sort((a, b) => demand(a) - demand(b));
}

/** The most specific of the matches that contain a region, as the gateway selects it; undefined without any. */
export function mostSpecific<T extends Matchable>(matches: readonly T[], region: Region): T | undefined {
  const regionPath = `/${region.parts.join("/")}`;
  const fresh = freshSegment([regionPath, ...matches.map(({ match }) => match.path)].map(patternOf));
  const path = filledSegments(regionPath, fresh);
  // An unlisted method represents all others.
  const [method = "OTHER"] = region.methods ?? [];
  const [index] = compileFlows(matches, "best")(method, [path]) ?? [];
  return index === undefined ? undefined : matches[index];
}
