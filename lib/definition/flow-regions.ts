import { compileFlows, type Matchable } from "./flow-matcher";
import { freshSegment, patternOf } from "./operation-paths";
import { type Flow, METHODS } from "./schema";

/** The calls that a match selects. Regions are closed under intersection, unlike single flows. */
export interface Region {
  /** As they are written: literals, and parameters with their colon. */
  parts: readonly string[];
  exactLength: boolean;
  /** HEAD is among them when GET is. Null for all. */
  methods: ReadonlySet<string> | null;
}

const isParameter = (part: string) => part.startsWith(":");

/** The region of a match. */
export function regionOf({ path, operator, methods }: Flow["match"]): Region {
  const parts = path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  const listed = methods.length === 0 ? null : new Set<string>(methods);
  if (listed?.has("GET")) listed.add("HEAD");
  return { parts, exactLength: operator === "equals", methods: listed };
}

/** The match that selects a region. */
export function matchOf({ parts, exactLength, methods }: Region): Flow["match"] {
  const taken = new Set<string>();
  const unique = parts.map((part, index) => {
    if (!isParameter(part)) return part;
    let name = part;
    for (let number = index + 1; taken.has(name); number += 1) name = `:p${number}`;
    taken.add(name);
    return name;
  });
  return {
    path: `/${unique.join("/")}`,
    operator: exactLength ? "equals" : "startsWith",
    methods: methods === null ? [] : METHODS.filter((method) => methods.has(method) && !(method === "HEAD" && methods.has("GET"))),
  };
}

/** The same for regions that select the same calls. */
export function regionKey({ parts, exactLength, methods }: Region): string {
  const shape = parts.map((part) => (isParameter(part) ? ":" : part)).join("/");
  return `${exactLength ? "=" : "^"}/${shape} ${methods === null ? "*" : METHODS.filter((method) => methods.has(method)).join(",")}`;
}

/** The calls that are in both; null when there are none. */
export function intersection(a: Region, b: Region): Region | null {
  if (a.exactLength && b.parts.length > a.parts.length) return null;
  if (b.exactLength && a.parts.length > b.parts.length) return null;
  const parts: string[] = [];
  for (let index = 0; index < Math.max(a.parts.length, b.parts.length); index += 1) {
    const both = [a.parts[index], b.parts[index]].filter((part) => part !== undefined);
    const literals = both.filter((part) => !isParameter(part));
    if (literals.length === 2 && literals[0] !== literals[1]) return null;
    parts.push(...[literals[0] ?? both[0]].filter((part) => part !== undefined));
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

/** How much a region demands: more than every region that contains it. */
const demand = ({ parts, exactLength, methods }: Region) =>
  parts.length +
  parts.filter((part) => !isParameter(part)).length +
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
  const fresh = freshSegment(
    matches.map(({ match }) => patternOf(match.path)).concat([region.parts.map((part) => (isParameter(part) ? null : part))]),
  );
  const path = region.parts.map((part) => (isParameter(part) ? fresh : part));
  // A method outside those that can be listed stands for all the others.
  const [method = "OTHER"] = region.methods ?? [];
  const [index] = compileFlows(matches, "best")(method, [path]) ?? [];
  return index === undefined ? undefined : matches[index];
}
