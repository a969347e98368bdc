/** What a JSON text holds, or what is wrong with it. */
export type JsonResult = { ok: true; value: Record<string, unknown> } | { ok: false; message: string };

/** Reads the JSON of a configuration, which is an object. */
export function readJson(text: string): JsonResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message.replace(/^JSON\.parse: /, "") : "";
    return { ok: false, message: `This is not JSON yet, so it is not part of the draft. ${where}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, message: "A configuration is an object: it starts with { and ends with }." };
  return { ok: true, value: value as Record<string, unknown> };
}

/** Writes a configuration as people read it. */
export const writeJson = (value: Record<string, unknown>): string => JSON.stringify(value, null, 2);
