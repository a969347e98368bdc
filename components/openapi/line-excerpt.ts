/** A line that a message refers to, with adjacent lines. */
export interface Excerpt {
  /** From 1. */
  line: number;
  lines: { number: number; text: string }[];
}

const NEIGHBOURS = 2;
const LINE_LENGTH_MAX = 200;

/** Returns the lines around the one a message names, as in `Line 12, column 3: …`; null if it names none. */
export function excerptOf(text: string, message: string): Excerpt | null {
  const named = /\bline (\d{1,7})\b/i.exec(message)?.[1];
  if (named === undefined) return null;
  const line = Number(named);
  const all = text.split(/\r\n|\r|\n/);
  if (line < 1 || line > all.length) return null;
  const from = Math.max(1, line - NEIGHBOURS);
  const lines = all
    .slice(from - 1, line + NEIGHBOURS)
    .map((content, index) => ({ number: from + index, text: content.slice(0, LINE_LENGTH_MAX) }));
  return { line, lines };
}
