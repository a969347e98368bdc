import { type CelValue, celEnv, isCelError, isCelList, isCelMap, parse, plan } from "@bufbuild/cel";

/** What one evaluation may do, roughly in steps of 10 nanoseconds. */
const WORK_MAX = 1_000_000;
/** What it costs to compile one instruction of a regular expression, which happens at every call. */
const COMPILING = 100;

/** One for all: a loop that goes on over errors would take its time for their traces. */
const TOO_MUCH = new Error("the expression takes too much work");

let left = WORK_MAX;

/** Begins an evaluation. None is ever interrupted by another one. */
export function beginWork(): void {
  left = WORK_MAX;
}

/** Counts work before it is done. @throws Error when it is too much for one evaluation, and at everything after that */
export function spend(amount: number): void {
  left -= amount;
  if (left < 0) throw TOO_MUCH;
}

/** Counts what comparing a value may cost: one list may stand in another many times over, and is compared as often. */
function spendOn(value: CelValue): void {
  spend(1);
  if (isCelList(value)) for (const element of value) spendOn(element);
  else if (isCelMap(value)) for (const [, element] of value) spendOn(element);
  else if (value instanceof Uint8Array) spend(value.length);
}

/** CEL's own meaning of a function, for the same with a bound. */
function standard(source: string): (values: Record<string, CelValue>) => boolean {
  const run = plan(celEnv(), parse(source).expr);
  return (values) => {
    const result = run(values);
    if (isCelError(result)) throw new Error(result.message);
    return result === true;
  };
}

const areEqual = standard("a == b");
const isIn = standard("a in b");
const doesMatch = standard("a.matches(b)");

const isDeep = (value: CelValue) => typeof value === "object" && value !== null;

export function equal(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  if (!isDeep(a) && typeof a === typeof b) return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    spend(a.length);
    return Buffer.compare(a, b) === 0;
  }
  if (isDeep(a) && isDeep(b)) spendOn(a);
  return areEqual({ a, b });
}

export function within(a: CelValue, b: CelValue): boolean {
  spendOn(b);
  return isIn({ a, b });
}

export function contains(text: string, part: string): boolean {
  spend((text.length * part.length) / 8);
  return text.includes(part);
}

/** How many instructions a regular expression has at most, roughly. What is counted after a group repeats all that is in it, a thousand times at most. */
function sizeOf(pattern: string): number {
  const isQuoted = /\\[QE]/.test(pattern);
  let size = pattern.length;
  let groups = 1;
  for (const { index, 1: least = "0", 2: most = "" } of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    const count = Math.max(1, Number(least), Number(most));
    if (isQuoted || pattern[index - 1] === ")") groups *= count;
    else size += count;
  }
  return size * Math.min(groups, 1000);
}

export function matches(text: string, pattern: string): boolean {
  spend(sizeOf(pattern) * (text.length + COMPILING));
  return doesMatch({ a: text, b: pattern });
}
