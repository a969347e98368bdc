/** How deep the JSON of another server may nest: claims and key sets need some ten levels. */
export const JSON_LEVELS_MAX = 100;

/**
 * Whether a parsed JSON value nests deeper than so many levels. Parsing does not recurse, and everything that reads or writes a
 * value afterwards does: 5,000 levels exhaust the stack.
 */
export function nestsTooDeeply(value: unknown, levels = JSON_LEVELS_MAX): boolean {
  if (value === null || typeof value !== "object") return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) if (nestsTooDeeply(member, levels - 1)) return true;
  return false;
}

/**
 * Returns the JSON object that a text is, or null; also null for one that nests too deeply. It never throws: the parser's own
 * message would quote the text.
 */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !nestsTooDeeply(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a parsed JSON value is an object, not an array or null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
