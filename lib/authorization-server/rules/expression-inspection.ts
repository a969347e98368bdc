import type { parse } from "@bufbuild/cel";

/** Why an expression is invalid or has no result. Never returned to clients. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}

/** Loops over lists (`all`, `exists`, `filter`, `map`), the only unbounded work in CEL. */
const LOOPS_MAX = 8;
const LOOP_DEPTH_MAX = 2;

/** Maximum evaluations of all parts in the worst case. */
const STEPS_MAX = 250_000;
const SCOPES_MAX = 100;
/** Assumed length of a list of unknown length. */
const LENGTH_MAX = 1000;

/** The variables of an expression with their fields. */
const KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ["client", ["id", "name", "environment"]],
  ["scopes", []],
  ["server", ["id", "name", "audience", "issuer"]],
]);
const TYPES = new Set(["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"]);

type Node = ReturnType<typeof parse>["expr"];

/** The loop depth of a node and the variables of these loops. */
interface Place {
  depth: number;
  names: ReadonlySet<string>;
}

type Child = readonly [Node | undefined, Place];

function checkName(name: string, { names }: Place): void {
  if (!names.has(name) && !KNOWN.has(name) && !TYPES.has(name))
    throw new ExpressionError(`Unknown variable ${name}. Use client, scopes or server.`);
}

function checkField(operand: Node | undefined, field: string, { names }: Place): void {
  if (operand?.exprKind.case !== "identExpr" || names.has(operand.exprKind.value.name)) return;
  const { name } = operand.exprKind.value;
  const fields = KNOWN.get(name) ?? [];
  if (fields.length > 0 && !fields.includes(field))
    throw new ExpressionError(`${name} has no field ${field}. Fields: ${fields.join(", ")}.`);
}

/** The direct children of a node. */
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

/** Upper bounds of an expression's evaluations and of the length of its list result. */
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
 * Validates an expression without running it.
 * @throws ExpressionError for too many loops, or an unknown variable or field
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
      throw new ExpressionError(`An expression can have at most ${LOOPS_MAX} loops, nested at most ${LOOP_DEPTH_MAX} deep.`);
    open.push(...children(node, place));
  }
  if (stepsOf(expression).steps > STEPS_MAX)
    throw new ExpressionError("The loops run too many times. Loop over shorter lists, or don't nest loops.");
}
