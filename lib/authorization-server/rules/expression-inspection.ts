import type { parse } from "@bufbuild/cel";

/** Why an expression cannot be used or has no result; for the log and for who writes the expression, not for callers. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}

/** Loops over lists (`all`, `exists`, `filter`, `map`): CEL knows no other way to take long. */
const LOOPS_MAX = 8;
const LOOP_DEPTH_MAX = 2;

/** How often the parts of an expression are evaluated at most, all loops run to their ends. */
const STEPS_MAX = 250_000;
const SCOPES_MAX = 100;
/** Of a list of which it is not known. */
const LENGTH_MAX = 1000;

/** What an expression knows, with the fields of each where it has fields. */
const KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ["client", ["id", "name", "environment"]],
  ["scopes", []],
  ["server", ["id", "name", "audience", "issuer"]],
]);
const TYPES = new Set(["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"]);

type Node = ReturnType<typeof parse>["expr"];

/** Where a node stands: in how many loops, and which names they bring. */
interface Place {
  depth: number;
  names: ReadonlySet<string>;
}

type Child = readonly [Node | undefined, Place];

function checkName(name: string, { names }: Place): void {
  if (!names.has(name) && !KNOWN.has(name) && !TYPES.has(name))
    throw new ExpressionError(`There is no ${name}. An expression knows client, scopes and server.`);
}

function checkField(operand: Node | undefined, field: string, { names }: Place): void {
  if (operand?.exprKind.case !== "identExpr" || names.has(operand.exprKind.value.name)) return;
  const { name } = operand.exprKind.value;
  const fields = KNOWN.get(name) ?? [];
  if (fields.length > 0 && !fields.includes(field)) throw new ExpressionError(`${name} has no ${field}: it has ${fields.join(", ")}.`);
}

/** The nodes right below one, each with its place. */
function children(node: Node, place: Place): Child[] {
  const here = (child: Node | undefined): Child => [child, place];
  const kind = node.exprKind;
  switch (kind.case) {
    case "selectExpr":
      return [here(kind.value.operand)];
    case "callExpr":
      return [kind.value.target, ...kind.value.args].map(here);
    case "listExpr":
      return kind.value.elements.map(here);
    case "structExpr":
      return kind.value.entries.flatMap((entry) => [
        ...(entry.keyKind.case === "mapKey" ? [here(entry.keyKind.value)] : []),
        here(entry.value),
      ]);
    case "comprehensionExpr": {
      const { iterRange, accuInit, iterVar, iterVar2, accuVar, loopCondition, loopStep, result } = kind.value;
      const inside = { depth: place.depth + 1, names: new Set([...place.names, iterVar, iterVar2, accuVar]) };
      const looped = [loopCondition, loopStep, result].map((child): Child => [child, inside]);
      return [here(iterRange), here(accuInit), ...looped];
    }
    default:
      return [];
  }
}

/** What an expression costs, and how long the list is that it makes, if it makes one: both at most. */
interface Bounds {
  steps: number;
  length: number;
}

function lengthOf({ exprKind: kind }: Node, children: readonly Bounds[]): number {
  switch (kind.case) {
    case "listExpr":
      return kind.value.elements.length;
    case "structExpr":
      return kind.value.entries.length;
    case "identExpr":
      return kind.value.name === "scopes" ? SCOPES_MAX : LENGTH_MAX;
    case "callExpr":
      return kind.value.function === "_+_" ? Math.min(LENGTH_MAX, sum(children, "length")) : LENGTH_MAX;
    case "comprehensionExpr":
      return children[0]?.length ?? 0;
    default:
      return LENGTH_MAX;
  }
}

const sum = (all: readonly Bounds[], what: keyof Bounds) => all.reduce((total, one) => total + one[what], 0);

function stepsOf(node: Node): Bounds {
  const nowhere: Place = { depth: 0, names: new Set() };
  const below = children(node, nowhere).map(([child]) => (child ? stepsOf(child) : { steps: 0, length: 0 }));
  const length = lengthOf(node, below);
  if (node.exprKind.case !== "comprehensionExpr") return { steps: 1 + sum(below, "steps"), length };
  const [range, start, ...looped] = below;
  return { steps: 1 + (range?.steps ?? 0) + (start?.steps ?? 0) + (range?.length ?? 0) * sum(looped, "steps"), length };
}

/**
 * Looks through an expression before it is ever run.
 * @throws ExpressionError when it loops too much, or names a variable or a field that does not exist
 */
export function inspect(expression: Node): void {
  let loops = 0;
  const open: Child[] = [[expression, { depth: 0, names: new Set() }]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, place] = next;
    if (!node) continue;
    const kind = node.exprKind;
    if (kind.case === "identExpr") checkName(kind.value.name, place);
    if (kind.case === "selectExpr") checkField(kind.value.operand, kind.value.field, place);
    if (kind.case === "comprehensionExpr") loops += 1;
    if (loops > LOOPS_MAX || place.depth > LOOP_DEPTH_MAX)
      throw new ExpressionError(`An expression has at most ${LOOPS_MAX} loops, ${LOOP_DEPTH_MAX} of them inside one another.`);
    open.push(...children(node, place));
  }
  if (stepsOf(expression).steps > STEPS_MAX)
    throw new ExpressionError("The loops of the expression would run too often. Loop over shorter lists, or not inside one another.");
}
