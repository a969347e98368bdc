/** A parsed JSON object, or the error. */
export type JsonResult = { ok: true; value: Record<string, unknown> } | { ok: false; message: string };

/** Parses a configuration, which must be an object. */
export function readJson(text: string): JsonResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message.replace(/^JSON\.parse: /, "") : "";
    return { ok: false, message: `Invalid JSON, not applied to the draft. ${where}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, message: "Expected an object: start with { and end with }." };
  return { ok: true, value: value as Record<string, unknown> };
}

/** Formats a configuration as indented JSON. */
export const writeJson = (value: Record<string, unknown>): string => JSON.stringify(value, null, 2);
