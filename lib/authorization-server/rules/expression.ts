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

/** What an expression can look at. */
export interface ExpressionInput {
  client: { id: string; name: string; environment: string };
  /** The scopes of the token. */
  scopes: readonly string[];
  server: { id: string; name: string; audience: string; issuer: string };
}

const SOURCE_MAX = 2000;
/** What concatenation may lead to. Loops could otherwise double a text or a list with every round. */
const TEXT_MAX = 8192;
const LIST_MAX = 500;
/** Values in a result: a small expression could name one list many times over. */
const VALUES_MAX = 2000;

function bounded(size: number, max: number): void {
  if (size > max) throw new Error("the result of an addition is too large");
}

/** In code points, as CEL counts. */
function lengthOf(text: string): bigint {
  spend(text.length);
  return BigInt([...text].length);
}

const { STRING, BYTES, DYN, BOOL, INT } = CelScalar;
const LIST = listType(DYN);
/** CEL's standard library, in which everything is counted before it is done and additions don't grow without bound. */
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
    throw new ExpressionError(line ? `The expression cannot be read at line ${line}, column ${column}.` : "The expression cannot be read.");
  }
}

function toNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ExpressionError("The result has a whole number that JSON cannot hold exactly.");
  return number;
}

/** A result as JSON; what JSON does not have (bytes, times, types, other keys than strings) is no claim. */
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
        if (typeof key !== "string") throw new ExpressionError("The result has a map with keys that are no strings.");
        if (key === "__proto__") throw new ExpressionError("The result has a map with the key __proto__, which readers of a token lose.");
        return [key, toJson(element, left)];
      }),
    );
  throw new ExpressionError("The result is nothing that JSON can hold.");
}

const bindings = ({ client, scopes, server }: ExpressionInput) => ({
  client: new Map(Object.entries(client)),
  scopes: [...scopes],
  server: new Map(Object.entries(server)),
});

export type Expression = (input: ExpressionInput) => Json;

/**
 * Compiles a CEL expression over `client`, `scopes` and `server`. It takes bounded time and memory, reaches nothing but
 * what it is given, and its regular expressions are RE2.
 * @returns what evaluates it; it throws ExpressionError when there is no result or none that JSON can hold
 * @throws ExpressionError when it cannot be read, names what is not there or loops too much
 */
export function compileExpression(source: string): Expression {
  if (source.length > SOURCE_MAX) throw new ExpressionError(`An expression has at most ${SOURCE_MAX} characters.`);
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
