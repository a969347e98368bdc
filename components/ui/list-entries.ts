/** Splits typed or pasted text into entries at commas, line breaks, and spaces unless allowed. */
export function splitEntries(text: string, options: { spacesAllowed?: boolean } = {}): string[] {
  return text
    .split(options.spacesAllowed ? /[,\n\r]+/ : /[,\s]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** Appends entries; skips duplicates. */
export function addEntries(list: readonly string[], entries: readonly string[]): string[] {
  return [...new Set([...list, ...entries])];
}
