import { compileFlows, type Matchable } from "./flow-matcher";
import { filledSegments, freshSegment, patternOf, shapeOf } from "./operation-paths";
import { endsWithSuffix, segmentOf, writtenSegments } from "./path-segments";
import { type Flow, METHODS } from "./schema";

/** The calls that a match selects. Regions are closed under intersection, unlike single flows. */
export interface Region {
  /** As they are written: literals, and parameters with their colon and what follows them. */
  parts: readonly string[];
  exactLength: boolean;
  /** HEAD is among them when GET is. Null for all. */
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

/** The same for regions that select the same calls. */
export function regionKey({ parts, exactLength, methods }: Region): string {
  return `${exactLength ? "=" : "^"}${shapeOf(`/${parts.join("/")}`)} ${methods === null ? "*" : METHODS.filter((method) => methods.has(method)).join(",")}`;
}

/** The segments that match both, as they are written; null when there are none. */
function commonPart(one: string, other: string): string | null {
  if (one === other) return one;
  const [a, b] = [segmentOf(one), segmentOf(other)];
  if (a.parameter === null && b.parameter === null) return a.literal === b.literal ? one : null;
  if (a.parameter === null) return endsWithSuffix(a.literal, b.literal) ? one : null;
  if (b.parameter === null) return endsWithSuffix(b.literal, a.literal) ? other : null;
  if (a.literal.endsWith(b.literal)) return one;
  return b.literal.endsWith(a.literal) ? other : null;
}

/** The calls that are in both; null when there are none. */
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

/** Whether every call of `inner` is in `outer`. */
export function contains(outer: Region, inner: Region): boolean {
  const common = intersection(outer, inner);
  return common !== null && regionKey(common) === regionKey(inner);
}

/** How much a region demands: more than every region that contains it. What ends with something is longer than that. */
const demand = ({ parts, exactLength, methods }: Region) =>
  parts.reduce((sum, part) => sum + 1 + segmentOf(part).literal.length, 0) +
  Number(exactLength) +
  METHODS.length +
  1 -
  (methods?.size ?? METHODS.length + 1);

/**
 * The regions and all their intersections, each once, every one after those that contain it. For any call, the last of those
 * that it is in is the intersection of all of them. Null when there are more than `max`.
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

/** The most specific of matches that all contain a region, as the gateway chooses; undefined when there are none. */
export function mostSpecific<T extends Matchable>(matches: readonly T[], region: Region): T | undefined {
  const regionPath = `/${region.parts.join("/")}`;
  const fresh = freshSegment([regionPath, ...matches.map(({ match }) => match.path)].map(patternOf));
  const path = filledSegments(regionPath, fresh);
  // A method outside those that can be listed stands for all the others.
  const [method = "OTHER"] = region.methods ?? [];
  const [index] = compileFlows(matches, "best")(method, [path]) ?? [];
  return index === undefined ? undefined : matches[index];
}
