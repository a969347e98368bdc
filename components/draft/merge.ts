import { align } from "@/lib/definition/align";
import { canonicalDefinition, canonicalJson } from "@/lib/definition/canonical";
import { flowTitle } from "@/lib/definition/diff";
import type { Definition, Flow, Resource } from "@/lib/definition/schema";

/** Two people's changes to one draft, put together as far as they do not touch the same part. */
export interface Merge {
  /** Theirs with mine on top. Where both changed the same part, theirs stands. */
  merged: Definition;
  /** The parts that both changed, each differently, as people call them. */
  conflicts: string[];
}

const same = (a: unknown, b: unknown) => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** Which of three versions of one part to take. */
function pick<T>(base: T, mine: T, theirs: T, name: string, conflicts: string[]): T {
  if (same(mine, theirs) || same(mine, base)) return theirs;
  if (same(theirs, base)) return mine;
  conflicts.push(name);
  return theirs;
}

interface Side<T> {
  /** What became of each item of the base. */
  fate: Map<number, { at: number; item: T }>;
  added: number[];
  reordered: boolean;
}

function side<T>(base: readonly T[], now: readonly T[], keys: readonly ((item: T) => string)[]): Side<T> {
  const { pairs, added } = align(base, now, keys);
  const fate = new Map(
    pairs.flatMap((pair) => {
      const item = now[pair.after];
      return item === undefined ? [] : [[pair.before, { at: pair.after, item }] as const];
    }),
  );
  return { fate, added, reordered: pairs.some((pair) => pair.moved) };
}

interface ListRules<T> {
  keys: readonly ((item: T) => string)[];
  title: (item: T) => string;
  /** What both may not add under the same name. */
  identity?: (item: T) => string;
  listName: string;
}

/** The order in which a side has the items of the base that both kept. */
const orderOf = (kept: readonly number[], fate: Side<unknown>["fate"]) =>
  [...kept].sort((a, b) => (fate.get(a)?.at ?? 0) - (fate.get(b)?.at ?? 0));

function mergeList<T>(base: readonly T[], mine: readonly T[], theirs: readonly T[], rules: ListRules<T>, conflicts: string[]): T[] {
  const [left, right] = [side(base, mine, rules.keys), side(base, theirs, rules.keys)];
  // What stays of each item of the base.
  const results = new Map<number, T>();
  base.forEach((item, index) => {
    const [ours, others] = [left.fate.get(index), right.fate.get(index)];
    if (ours && others) results.set(index, pick(item, ours.item, others.item, rules.title(item), conflicts));
    else if (ours && !same(ours.item, item)) conflicts.push(rules.title(item));
    else if (others && !same(others.item, item)) {
      conflicts.push(rules.title(item));
      results.set(index, others.item);
    }
  });
  const kept = base.flatMap((_, index) => (left.fate.has(index) && right.fate.has(index) ? [index] : []));
  const bothReordered = left.reordered && right.reordered;
  if (bothReordered && !same(orderOf(kept, left.fate), orderOf(kept, right.fate))) conflicts.push(rules.listName);
  // The side that reordered gives the order; what the other one added is put behind the item that it follows there.
  const [first, second, firstList, secondList] =
    left.reordered && !right.reordered ? [left, right, mine, theirs] : [right, left, theirs, mine];
  const placeOf = new Map([...first.fate].map(([index, { at }]) => [at, index]));
  const merged: { item: T; base?: number }[] = firstList.flatMap((item, at) => {
    const index = placeOf.get(at);
    if (index === undefined) return [{ item }];
    const result = results.get(index);
    return result === undefined ? [] : [{ item: result, base: index }];
  });
  const firstAdded = first.added.flatMap((at) => firstList[at] ?? []);
  const secondPlaceOf = new Map([...second.fate].map(([index, { at }]) => [at, index]));
  const twins = firstAdded.map((item) => canonicalJson(item));
  let after = 0;
  secondList.forEach((item, at) => {
    const index = secondPlaceOf.get(at);
    if (index !== undefined) {
      const place = merged.findIndex((entry) => entry.base === index);
      if (place >= 0) after = place + 1;
      return;
    }
    // The same thing added by both is one thing.
    const twin = twins.indexOf(canonicalJson(item));
    if (twin >= 0) {
      twins.splice(twin, 1);
      return;
    }
    if (rules.identity && firstAdded.some((other) => rules.identity?.(other) === rules.identity?.(item))) {
      conflicts.push(rules.title(item));
      return;
    }
    merged.splice(after, 0, { item });
    after += 1;
  });
  return merged.map((entry) => entry.item);
}

const flowRules: ListRules<Flow> = {
  keys: [
    canonicalJson,
    (flow) => `${flow.name} ${canonicalJson(flow.match)}`,
    (flow) => flow.name || canonicalJson(flow.match),
    (flow) => canonicalJson(flow.match),
  ],
  title: (flow) => `Flow ${flowTitle(flow)}`,
  listName: "Order of the flows",
};

const resourceRules: ListRules<Resource> = {
  keys: [canonicalJson, (resource) => `${resource.name} ${resource.type}`],
  title: (resource) => `Resource ${resource.name}`,
  identity: (resource) => resource.name,
  listName: "Order of the resources",
};

/**
 * Merges two edited versions of a draft over the version that both started from, by top-level part, by flow and by
 * resource. Without conflicts, every change of either side is in the result. Alike for both sides: swapping them
 * gives conflicts exactly when this way round does.
 */
export function mergeDefinitions(base: Definition, mine: Definition, theirs: Definition): Merge {
  const [b, m, t] = [canonicalDefinition(base), canonicalDefinition(mine), canonicalDefinition(theirs)];
  const conflicts: string[] = [];
  const part = <K extends keyof Definition>(key: K, name: string): Definition[K] => pick(b[key], m[key], t[key], name, conflicts);
  const merged: Definition = {
    gatewright: 1,
    name: part("name", "Name"),
    version: part("version", "Version"),
    description: part("description", "Description"),
    contextPath: part("contextPath", "Context path"),
    endpoints: {
      production: pick(b.endpoints.production, m.endpoints.production, t.endpoints.production, "Production endpoint", conflicts),
      sandbox: pick(b.endpoints.sandbox, m.endpoints.sandbox, t.endpoints.sandbox, "Sandbox endpoint", conflicts),
    },
    resources: mergeList(b.resources, m.resources, t.resources, resourceRules, conflicts),
    cors: part("cors", "CORS"),
    paths: part("paths", "Paths"),
    headers: part("headers", "Headers"),
    flowSelection: part("flowSelection", "Flow selection"),
    flows: mergeList(b.flows, m.flows, t.flows, flowRules, conflicts),
  };
  return { merged, conflicts: [...new Set(conflicts)] };
}
