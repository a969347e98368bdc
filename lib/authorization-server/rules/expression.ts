import {
  type CelResult,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celList,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  listType,
  parse,
  plan,
} from "@bufbuild/cel";
import { counted } from "./expression-cost";
import { ExpressionError, inspect } from "./expression-inspection";
import { beginWork, contains, equal, matches, spend, within } from "./expression-work";
import type { Json } from "./model";

/** The variables of an expression. */
export interface ExpressionInput {
  client: { id: string; name: string; environment: string };
  /** The scopes of the token. */
  scopes: readonly string[];
  server: { id: string; name: string; audience: string; issuer: string };
}

const SOURCE_MAX = 2000;
/** Maximum results of concatenation, which could double with every loop. */
const TEXT_MAX = 8192;
const LIST_MAX = 500;
/** Maximum values in a result: a short expression could repeat one list many times. */
const VALUES_MAX = 2000;

function bounded(size: number, max: number): void {
  if (size > max) throw new Error("the result of a concatenation is too large");
}

/** In code points, as CEL counts. */
function lengthOf(text: string): bigint {
  spend(text.length);
  return BigInt([...text].length);
}

const { STRING, BYTES, DYN, BOOL, INT } = CelScalar;
const LIST = listType(DYN);
/**
 * CEL's standard library with bounded concatenation, and with a work limit for functions whose time may grow faster than their
 * input.
 */
const environment = celEnv({
  funcs: [
    ...Array.from(celEnv().funcs, counted),
    celFunc("_+_", [STRING, STRING], STRING, (left, right) => {
      bounded(left.length + right.length, TEXT_MAX);
      spend(left.length + right.length);
      return left + right;
    }),
    celFunc("_+_", [BYTES, BYTES], BYTES, (left, right) => {
      bounded(left.length + right.length, TEXT_MAX);
      spend(left.length + right.length);
      return Uint8Array.from([...left, ...right]);
    }),
    celFunc("_+_", [LIST, LIST], LIST, (left, right) => {
      bounded(left.size + right.size, LIST_MAX);
      spend(left.size + right.size);
      return celList([...left, ...right]);
    }),
    celFunc("_==_", [DYN, DYN], BOOL, equal),
    celFunc("_!=_", [DYN, DYN], BOOL, (left, right) => !equal(left, right)),
    celFunc("@in", [DYN, LIST], BOOL, within),
    celFunc("size", [STRING], INT, lengthOf),
    celMethod("size", STRING, [], INT, function size() {
      return lengthOf(this);
    }),
    celMethod("contains", STRING, [STRING], BOOL, function includes(part) {
      return contains(this, part);
    }),
    celMethod("matches", STRING, [STRING], BOOL, function match(pattern) {
      return matches(this, pattern);
    }),
  ],
});

function parsed(source: string): ReturnType<typeof parse> {
  try {
    return parse(source);
  } catch (error) {
    const [, line, column] = /:(\d+):(\d+):/.exec(error instanceof Error ? error.message : "") ?? [];
    throw new ExpressionError(line ? `Syntax error at line ${line}, column ${column}.` : "Syntax error.");
  }
}

function toNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ExpressionError("The result has an integer that JSON can't represent exactly.");
  return number;
}

/** Converts a result to JSON; rejects bytes, times, types and non-string keys. */
function toJson(value: CelValue, left: { values: number }): Json {
  left.values -= 1;
  if (left.values < 0) throw new ExpressionError("The result has too many values.");
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return toNumber(value);
  if (isCelUint(value)) return toNumber(value.value);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (isCelList(value)) return Array.from(value, (element) => toJson(element, left));
  if (isCelMap(value))
    return Object.fromEntries(
      Array.from(value, ([key, element]) => {
        if (typeof key !== "string") throw new ExpressionError("The result has a map with non-string keys.");
        if (key === "__proto__") throw new ExpressionError("The result has a map with the key __proto__, which token parsers drop.");
        return [key, toJson(element, left)];
      }),
    );
  throw new ExpressionError("The result can't be represented in JSON.");
}

const bindings = ({ client, scopes, server }: ExpressionInput) => ({
  client: new Map(Object.entries(client)),
  scopes: [...scopes],
  server: new Map(Object.entries(server)),
});

export type Expression = (input: ExpressionInput) => Json;

/**
 * Compiles a CEL expression over `client`, `scopes` and `server`, with bounded time and memory; regular expressions are RE2.
 * @returns a function that throws ExpressionError when there is no result or JSON can't represent it
 * @throws ExpressionError for a syntax error, an unknown name or too many loops
 */
export function compileExpression(source: string): Expression {
  if (source.length > SOURCE_MAX) throw new ExpressionError(`The expression is longer than ${SOURCE_MAX} characters.`);
  const { expr } = parsed(source);
  inspect(expr);
  const run = plan(environment, expr);
  return (input) => {
    beginWork();
    const result: CelResult = run(bindings(input));
    if (isCelError(result)) throw new ExpressionError(result.message);
    return toJson(result, { values: VALUES_MAX });
  };
}
