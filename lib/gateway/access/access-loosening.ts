import { canonicalJson } from "@/lib/definition/canonical";
import { closureOf, matchOf, type Region, regionKey, regionOf } from "@/lib/definition/flow-regions";
import { ANY_METHOD, filledSegments, freshSegment, type OperationKey, patternOf, shapeOf } from "@/lib/definition/operation-paths";
import { segmentOf } from "@/lib/definition/path-segments";
import { type Definition, METHODS } from "@/lib/definition/schema";
import { acceptsNoMore } from "./accepts-no-more";
import { compileAccess, pathOfSegments } from "./access";
import { accessWords } from "./access-words";

/** Calls that need less after a change than before it: a method, or `*`, and a path, by itself or with everything below. */
export interface Loosening {
  method: string;
  path: string;
  operator: "equals" | "startsWith";
  /** What a call had to bring, and what it has to bring, in words. */
  before: string;
  after: string;
}

/** What a change loosens. Incomplete: the flows overlap in too many ways for all of it to be looked at. */
export interface LooseningReport {
  items: Loosening[];
  isComplete: boolean;
}

const CELLS_MAX = 4000;
/** How many segments of flows may be compared for one depth: about 0.2 s. */
const COMPARISONS_MAX = 500_000;
/** Stands for every method that no flow can list. */
const UNLISTED = "PROPFIND";
const ASKED: readonly string[] = [...METHODS, UNLISTED];

/** What decides about access; everything else of a definition may differ. */
const deciding = ({ flows, flowSelection, resources, paths, endpoints }: Definition) =>
  canonicalJson([
    flows.map(({ enabled, match, request }) => [enabled, match, request]),
    flowSelection,
    resources,
    paths,
    !endpoints.production,
  ]);

type Compare = (method: string, path: string) => { before: string; after: string } | null;

function comparison(before: Definition, after: Definition, fresh: string): Compare {
  // Context paths are compared by themselves: what lies below one corresponds to what lies below the other.
  const [was, is] = [before, after].map((definition) => compileAccess({ ...definition, contextPath: "/compared" }));
  return (method, path) => {
    const called = pathOfSegments(filledSegments(path, fresh));
    if (!was || !is) return null;
    const [old, now] = [
      { access: was(method, called), definition: before },
      { access: is(method, called), definition: after },
    ];
    return acceptsNoMore(old, now) ? null : accessWords(old, now);
  };
}

/** The regions of one depth, exact: a flow that takes everything below takes any segments there. */
function regionsAt(depth: number, flows: readonly Region[]): Region[] {
  const padded = (parts: readonly string[]) => [...parts, ...Array.from({ length: depth - parts.length }, () => ":any")];
  const applying = flows.filter(({ parts, exactLength }) => (exactLength ? parts.length === depth : parts.length <= depth));
  return [[], ...applying.map(({ parts }) => parts)].map((parts) => ({ parts: padded(parts), exactLength: true, methods: null }));
}

/** A part of all calls in which every call is selected by the same flows, before and after. */
interface Cell {
  parts: readonly string[];
  words: string;
}

const keyOf = (parts: readonly string[]) => shapeOf(`/${parts.join("/")}`);
const isWildcard = (part: string | undefined) => part !== undefined && segmentOf(part).parameter !== null && segmentOf(part).literal === "";

/** Joins the cells of a path and of everything below it, down to the depth from which on nothing differs any more. */
function joined(cells: readonly Cell[], deepest: number): { parts: readonly string[]; isPrefix: boolean; words: string }[] {
  const byKey = new Map(cells.map((cell) => [`${cell.words} ${keyOf(cell.parts)}`, cell]));
  const consumed = new Set<Cell>();
  const prefixes = cells
    .filter(({ parts }) => parts.length === deepest)
    .map((cell) => {
      let top = cell;
      consumed.add(cell);
      while (isWildcard(top.parts.at(-1))) {
        const above = byKey.get(`${cell.words} ${keyOf(top.parts.slice(0, -1))}`);
        if (!above) break;
        consumed.add(above);
        top = above;
      }
      return { parts: top.parts, isPrefix: true, words: cell.words };
    });
  const exact = cells.filter((cell) => !consumed.has(cell)).map(({ parts, words }) => ({ parts, isPrefix: false, words }));
  return [...prefixes, ...exact];
}

/** The methods that are told of where these loosen: all of them, or all that no flow can list, as one; and no HEAD beside GET. */
function toldMethods(methods: ReadonlySet<string>): string[] {
  if (METHODS.every((method) => methods.has(method))) return [ANY_METHOD];
  const listed: string[] = METHODS.filter((method) => methods.has(method) && !(method === "HEAD" && methods.has("GET")));
  return methods.has(UNLISTED) ? [...listed, ANY_METHOD] : listed;
}

/** Collects what loosens, by method and by path. */
class Finder {
  readonly #compare: Compare;
  readonly #regions: readonly Region[];
  readonly #deepest: number;
  #cells = 0;
  isComplete = true;
  /** By path, operator and words: the methods. */
  readonly found = new Map<string, { parts: readonly string[]; isPrefix: boolean; words: string; methods: Set<string> }>();

  constructor(regions: readonly Region[], compare: Compare) {
    this.#regions = regions;
    this.#compare = compare;
    this.#deepest = Math.max(0, ...regions.map(({ parts }) => parts.length)) + 1;
  }

  /** The same flows are selected among for many methods, so what they divide calls into is computed once. */
  readonly #cellsOf = (() => {
    const known = new Map<string, readonly Region[]>();
    return (flows: readonly Region[]): readonly Region[] => {
      const key = flows.map(regionKey).join("\n");
      const found = known.get(key);
      if (found) return found;
      const cells: Region[] = [];
      for (let depth = 0; depth <= this.#deepest && this.isComplete; depth += 1) {
        const regions = regionsAt(depth, flows);
        const affordable = Math.floor(COMPARISONS_MAX / (regions.length * (depth + 1)));
        const closure = closureOf(regions, Math.min(CELLS_MAX - this.#cells, Math.max(affordable, regions.length)));
        if (closure === null) this.isComplete = false;
        else {
          this.#cells += closure.length;
          cells.push(...closure);
        }
      }
      known.set(key, cells);
      return cells;
    };
  })();

  look(method: string): void {
    const flows = this.#regions.filter(({ methods }) => methods === null || methods.has(method));
    const loosened = this.#cellsOf(flows).flatMap(({ parts }) => {
      const words = this.#compare(method, `/${parts.join("/")}`);
      return words ? [{ parts, words: JSON.stringify(words) }] : [];
    });
    for (const { parts, isPrefix, words } of joined(loosened, this.#deepest)) {
      const key = `${isPrefix} ${keyOf(parts)} ${words}`;
      const known = this.found.get(key) ?? { parts, isPrefix, words, methods: new Set<string>() };
      known.methods.add(method);
      this.found.set(key, known);
    }
  }
}

/** The ways in which a path may be written that are accepted now and were not. */
function newSpellings(before: Definition, after: Definition): Loosening[] {
  const spellings = [
    ["allowSemicolon", "paths with ;"],
    ["allowEncodedSlash", "paths with %2f"],
  ] as const;
  return spellings
    .filter(([key]) => after.paths[key] && !before.paths[key])
    .map(([, what]) => ({ method: ANY_METHOD, path: "/", operator: "startsWith", before: `${what} rejected`, after: `${what} accepted` }));
}

/**
 * Every call that needs less after a change than before it, by the gateway's own matcher: calls are divided into parts that the
 * flows of both definitions select alike, and one call of each part is compared. `documented` operations are told by themselves.
 * Spellings that differ from a flow's path in case only are not looked at: the gateway rejects them.
 */
export function findLoosening(before: Definition, after: Definition, documented: readonly OperationKey[] = []): LooseningReport {
  if (deciding(before) === deciding(after)) return { items: [], isComplete: true };
  const flows = [...before.flows, ...after.flows].filter(({ enabled }) => enabled);
  const unique = new Map(flows.map(({ match }) => [regionKey(regionOf(match)), regionOf(match)]));
  const paths = [...flows.map(({ match }) => match.path), ...documented.map(({ path }) => path)];
  const compare = comparison(before, after, freshSegment(paths.map(patternOf)));
  const finder = new Finder([...unique.values()], compare);
  for (const method of ASKED) finder.look(method);

  const items: Loosening[] = [];
  const told = new Set<string>();
  for (const { parts, isPrefix, words, methods } of finder.found.values()) {
    const { path } = matchOf({ parts, exactLength: true, methods: null });
    const operator = isPrefix ? "startsWith" : "equals";
    for (const method of toldMethods(methods)) {
      told.add(`${method} ${shapeOf(path)}`);
      items.push({ method, path, operator, ...(JSON.parse(words) as { before: string; after: string }) });
    }
  }
  for (const { method, path } of documented) {
    const words = told.has(`${method} ${shapeOf(path)}`) ? null : compare(method, path);
    if (words) items.push({ method, path, operator: "equals", ...words });
  }
  const order = ({ method }: Loosening) => ASKED.indexOf(method);
  items.sort((a, b) => a.path.localeCompare(b.path, "en") || order(a) - order(b));
  return { items: [...newSpellings(before, after), ...items], isComplete: finder.isComplete };
}
