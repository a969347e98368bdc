/** Splits what was typed or pasted into entries: at commas, line breaks and, unless they may contain them, spaces. */
export function splitEntries(text: string, options: { spacesAllowed?: boolean } = {}): string[] {
  return text
    .split(options.spacesAllowed ? /[,\n\r]+/ : /[,\s]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** Adds entries at the end and leaves out those that are there already. */
export function addEntries(list: readonly string[], entries: readonly string[]): string[] {
  return [...new Set([...list, ...entries])];
}
