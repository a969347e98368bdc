import { align } from "@/lib/definition/align";
import { canonicalDefinition, canonicalJson } from "@/lib/definition/canonical";
import { flowTitle } from "@/lib/definition/diff";
import type { Definition, Flow, Resource } from "@/lib/definition/schema";

/** The merge of two edited versions of a draft. */
export interface Merge {
  /** Theirs with mine on top; theirs wins in conflicts. */
  merged: Definition;
  /** Names of the parts that both changed differently. */
  conflicts: string[];
}

const same = (a: unknown, b: unknown) => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** Merges one part of three versions. */
function pick<T>(base: T, mine: T, theirs: T, name: string, conflicts: string[]): T {
  if (same(mine, theirs) || same(mine, base)) return theirs;
  if (same(theirs, base)) return mine;
  conflicts.push(name);
  return theirs;
}

interface Side<T> {
  /** The current item of each base item. */
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
  /** The name that both sides can't add. */
  identity?: (item: T) => string;
  listName: string;
}

/** Returns a side's order of the base items that both kept. */
const orderOf = (kept: readonly number[], fate: Side<unknown>["fate"]) =>
  [...kept].sort((a, b) => (fate.get(a)?.at ?? 0) - (fate.get(b)?.at ?? 0));

function mergeList<T>(base: readonly T[], mine: readonly T[], theirs: readonly T[], rules: ListRules<T>, conflicts: string[]): T[] {
  const [left, right] = [side(base, mine, rules.keys), side(base, theirs, rules.keys)];
  // The merged version of each base item.
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
  // The side that reordered defines the order; additions of the other side follow their predecessor.
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
    // Identical additions of both sides count once.
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
 * Merges two edited versions of a draft by top-level part, flow, and resource, relative to their common base. Without
 * conflicts, the result contains every change of both sides. Symmetric: swapping the sides gives the same conflicts.
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
