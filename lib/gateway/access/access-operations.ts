import { ANY_METHOD, filledSegments, freshSegment, type OperationKey, patternOf, shapeOf } from "@/lib/definition/operation-paths";
import { flowPathProblem } from "@/lib/definition/paths";
import { type Definition, type Flow, METHODS } from "@/lib/definition/schema";
import { type AccessLevel, type CallAccess, compileAccess, pathOfSegments } from "./access";

/** An operation with its requirements. */
export interface AccessOperation extends OperationKey, CallAccess {
  summary: string;
  sources: ("openapi" | "flow")[];
  /** Whether it can change data: any method except GET, HEAD, and OPTIONS. */
  isWrite: boolean;
}

/** The operations of an API, and the requirements of all other paths. */
export interface AccessList {
  operations: AccessOperation[];
  everythingElse: AccessLevel;
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
/** Most permissive first. */
const STRICTNESS: readonly AccessLevel[] = ["anonymous", "credential", "token", "scopes", "refused"];
const ORDER: readonly string[] = [...METHODS, "TRACE", ANY_METHOD];

const sameAccess = (a: CallAccess, b: CallAccess) => JSON.stringify(a) === JSON.stringify(b);

const accessOfRow = ({ level, requirements }: AccessOperation): CallAccess => ({ level, requirements });

/** Collects operations, merging those that differ only in parameter names. */
class Collector {
  readonly rows = new Map<string, AccessOperation>();
  readonly access: (method: string, path: string) => CallAccess;
  readonly maxDepth: number;
  readonly #fresh: string;
  readonly #call: (method: string, path: string) => CallAccess;

  constructor(definition: Definition, documented: readonly OperationKey[], otherContexts: readonly string[]) {
    const named = [...definition.flows.map((flow) => flow.match.path), ...documented.map((operation) => operation.path)];
    const patterns = named.map(patternOf);
    this.#fresh = freshSegment([...patterns, ...otherContexts.map(patternOf)]);
    this.maxDepth = Math.max(0, ...patterns.map((pattern) => pattern.length));
    this.#call = compileAccess(definition, otherContexts);
    this.access = (method, path) => this.#call(method, pathOfSegments(filledSegments(path, this.#fresh)));
  }

  /** What a path of this many segments asks, none of which stands in a flow or in the document. */
  unlisted(method: string, depth: number): CallAccess {
    return this.#call(method, pathOfSegments(Array.from({ length: depth }, () => this.#fresh)));
  }

  add(operation: OperationKey & { summary: string }, source: "openapi" | "flow", access: CallAccess): void {
    const key = `${operation.method} ${shapeOf(operation.path)}`;
    const known = this.rows.get(key);
    if (!known) this.rows.set(key, { ...operation, sources: [source], isWrite: !READING.has(operation.method), ...access });
    else if (!known.sources.includes(source)) known.sources.push(source);
  }

  at(path: string): AccessOperation[] {
    const shape = shapeOf(path);
    return ORDER.flatMap((method) => this.rows.get(`${method} ${shape}`) ?? []);
  }
}

/** Sorts operations by path, then method. */
export const compareOperations = (a: OperationKey, b: OperationKey): number =>
  shapeOf(a.path).localeCompare(shapeOf(b.path), "en") || ORDER.indexOf(a.method) - ORDER.indexOf(b.method);

/** The paths that a flow names: its own, and with `startsWith` one below it, where that is asked for something else. */
function pathsOf(flow: Flow, collector: Collector): { path: string; summary: string }[] {
  const named = flow.name;
  const path = flow.match.path.length > 1 ? flow.match.path.replace(/\/$/, "") : flow.match.path;
  if (flow.match.operator === "equals") return [{ path, summary: named }];
  const below = `${path === "/" ? "" : path}/:${/\/:rest(?![A-Za-z0-9_])/.test(path) ? "rest_below" : "rest"}`;
  const methods: readonly string[] = flow.match.methods.length > 0 ? flow.match.methods : METHODS;
  const alike = methods.every((method) => sameAccess(collector.access(method, path), collector.access(method, below)));
  const everything = named ? `${named} (and everything below)` : "This path and everything below";
  if (alike) return [{ path, summary: everything }];
  return [
    { path, summary: named },
    { path: below, summary: named ? `${named} (everything below)` : "Everything below" },
  ];
}

/** A flow that lists no methods names all those that nothing else names at its path: as one when they are asked for the same. */
function addOtherMethods(collector: Collector, path: string, summary: string): void {
  const here = collector.at(path);
  for (const row of here) if (!row.sources.includes("flow")) row.sources.push("flow");
  const named = new Set(here.map((row) => row.method));
  if (named.has(ANY_METHOD)) return;
  const accessOf = new Map(METHODS.map((method) => [method as string, collector.access(method, path)]));
  const get = accessOf.get("GET");
  const rest = [...accessOf].filter(([method]) => !named.has(method));
  const [first] = rest;
  if (!first) return;
  const documented = here.filter((row) => row.sources.includes("openapi"));
  if (documented.length === 0 && rest.every(([, access]) => sameAccess(access, first[1]))) {
    collector.add({ method: ANY_METHOD, path, summary }, "flow", first[1]);
    return;
  }
  for (const [method, access] of rest) {
    // Backends handle HEAD as GET.
    if (method === "HEAD" && get && sameAccess(access, get)) continue;
    // The document says which methods there are: others are shown where they are asked for something else than those.
    const others = documented.length > 0 ? [...documented.map(accessOfRow), collector.unlisted(method, collector.maxDepth + 1)] : [];
    if (others.some((other) => sameAccess(access, other))) continue;
    collector.add({ method, path, summary }, "flow", access);
  }
}

function everythingElse(collector: Collector): AccessLevel {
  const levels = new Set<AccessLevel>();
  for (let depth = 0; depth <= collector.maxDepth + 1; depth += 1) {
    const shape = `${"/:".repeat(depth)}` || "/";
    for (const method of METHODS) {
      if (collector.rows.has(`${method} ${shape}`) || collector.rows.has(`${ANY_METHOD} ${shape}`)) continue;
      levels.add(collector.unlisted(method, depth).level);
    }
  }
  return STRICTNESS.find((level) => levels.has(level)) ?? "refused";
}

/**
 * The operations that an API's enabled flows and its document name, by path, each with what the gateway asks of its callers. A
 * parameter stands for a segment that no literal equals; `*` for every method that no other operation at the path names. `otherContexts` as in `compileAccess`.
 */
export function listAccess(
  definition: Definition,
  documented: readonly (OperationKey & { summary: string })[],
  otherContexts: readonly string[] = [],
): AccessList {
  const steps = accessSteps(definition, documented, otherContexts);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Lists operations as a generator, so callers can yield to other work. */
export function* accessSteps(
  definition: Definition,
  documented: readonly (OperationKey & { summary: string })[],
  otherContexts: readonly string[] = [],
): Generator<undefined, AccessList> {
  const collector = new Collector(definition, documented, otherContexts);
  yield;
  for (const operation of documented) {
    collector.add(operation, "openapi", collector.access(operation.method, operation.path));
    yield;
  }
  // A stored path in another product's notation would be listed as an operation, and shown as guarded, that nobody calls.
  const enabled = definition.flows.filter((flow) => flow.enabled && flowPathProblem(flow.match.path) === undefined);
  // Those that list methods come first: what is left at a path depends on them.
  for (const flow of enabled) {
    for (const { path, summary } of flow.match.methods.length > 0 ? pathsOf(flow, collector) : []) {
      for (const method of flow.match.methods) collector.add({ method, path, summary }, "flow", collector.access(method, path));
    }
    yield;
  }
  for (const flow of enabled) {
    for (const { path, summary } of flow.match.methods.length === 0 ? pathsOf(flow, collector) : [])
      addOtherMethods(collector, path, summary);
    yield;
  }
  const operations = [...collector.rows.values()].sort(compareOperations);
  return { operations, everythingElse: everythingElse(collector) };
}
