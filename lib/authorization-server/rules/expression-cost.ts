import { type CelFunc, type CelValue, celFunc, celMethod, isCelError } from "@bufbuild/cel";
import { spend } from "./expression-work";

/** What any function costs, in the unit of `spend`. */
const CALL = 10;
/** Timestamps and durations are read and written by regular expressions and by way of protobuf messages. */
const TIME = 200;
/** A time zone by its name: a formatter of `Intl` is made for each call. */
const TIME_ZONE = 10_000;

/** Bytes are compared one by one, and checked one by one when a function returns them. */
const BYTE = 8;

const sizeOf = (value: CelValue): number =>
  typeof value === "string" ? value.length : value instanceof Uint8Array ? value.length * BYTE : 0;

function costOf({ name, target, arguments: parameters }: CelFunc, values: readonly CelValue[]): number {
  const size = values.reduce<number>((total, value) => total + sizeOf(value), CALL);
  // Digits are read in a time that grows with the square of their number.
  if (name === "int" || name === "uint") return size + (size * size) / 64;
  if (target?.name === "google.protobuf.Timestamp" && parameters.length > 0) return TIME_ZONE;
  const types = [target, ...parameters].map((type) => type?.name ?? "");
  const isTime = name === "timestamp" || name === "duration" || types.some((type) => type.startsWith("google.protobuf."));
  return isTime ? size + TIME : size;
}

/** The same function of CEL's, whose work is counted before it is done. */
export function counted(func: CelFunc): CelFunc {
  const run = (target: CelValue | undefined, values: CelValue[]): CelValue => {
    spend(costOf(func, target === undefined ? values : [target, ...values]));
    const result = func.call(0, target, values);
    if (result === undefined) throw new Error(`${func.name} does not take these values`);
    if (isCelError(result)) throw new Error(result.message);
    return result;
  };
  if (func.target === undefined) return celFunc(func.name, func.arguments, func.result, (...values: CelValue[]) => run(undefined, values));
  return celMethod(func.name, func.target, func.arguments, func.result, function method(this: CelValue, ...values: CelValue[]) {
    return run(this, values);
  });
}
