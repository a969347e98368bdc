/** What V8 takes on a 64-bit machine at most, rounded up: for the value itself, and for each of its members. */
const STRING = 32;
const NUMBER = 16;
const LIST = 32;
/** An object whose names no other object has gets a description of its own. */
const OBJECT = 136;
const SLOT = 16;

/** Text beyond Latin-1 takes two bytes a character. */
const ofText = (text: string) => STRING + text.length * (/[^\0-\xff]/.test(text) ? 2 : 1);

/**
 * Estimates the bytes of heap that a parsed JSON value takes: rather too many than too few. The value nests no deeper than JSON of
 * a server may.
 */
export function heapSize(value: unknown): number {
  if (typeof value === "string") return ofText(value);
  if (typeof value === "number") return NUMBER;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, member) => sum + SLOT + heapSize(member), LIST);
  let sum = OBJECT;
  for (const [name, member] of Object.entries(value)) sum += SLOT + ofText(name) + heapSize(member);
  return sum;
}
