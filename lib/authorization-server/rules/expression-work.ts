import { type CelValue, celEnv, isCelError, isCelList, isCelMap, parse, plan } from "@bufbuild/cel";

/** Work limit of one evaluation, in units of about 10 ns. */
const WORK_MAX = 1_000_000;
/** Cost of compiling one instruction of a regular expression, which happens in every call. */
const COMPILING = 100;

/** A shared instance, because a loop over errors would spend its time on stack traces. */
const TOO_MUCH = new Error("the expression exceeds the work limit");

let left = WORK_MAX;

/** Resets the work counter. Evaluations are synchronous, so they never overlap. */
export function beginWork(): void {
  left = WORK_MAX;
}

/** Counts work before it's done. @throws Error above the limit, and from then on in this evaluation */
export function spend(amount: number): void {
  left -= amount;
  if (left < 0) throw TOO_MUCH;
}

/** Counts the cost of comparing a value. A list nested several times in another is compared as often. */
function spendOn(value: CelValue): void {
  spend(1);
  if (isCelList(value)) for (const element of value) spendOn(element);
  else if (isCelMap(value)) for (const [, element] of value) spendOn(element);
  else if (value instanceof Uint8Array) spend(value.length);
}

/** CEL's standard implementation of an operator. */
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

/** Upper bound of a regular expression's instructions. A repetition multiplies its group, at most 1,000 times. */
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
