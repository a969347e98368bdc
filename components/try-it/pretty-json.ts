/** Maximum indentation level: indenting every level makes the text grow quadratically with depth. */
const INDENTED_LEVELS_MAX = 100;

/**
 * Indents JSON by two spaces without changing any token: 12345678901234567890, 1.0, and duplicate keys stay as
 * received. Returns null for invalid JSON.
 */
export function prettyJson(source: string): string | null {
  try {
    JSON.parse(source);
  } catch {
    return null;
  }
  const parts: string[] = [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, INDENTED_LEVELS_MAX))}`;
  // After an opening bracket, the line break comes with the first element.
  let isOpen = false;
  // Valid JSON consists of strings, punctuation, whitespace, and literals.
  for (const [token] of source.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/gs)) {
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    if (closes !== isOpen) parts.push(line());
    isOpen = token === "{" || token === "[";
    if (isOpen) depth += 1;
    parts.push(token);
    if (token === ",") parts.push(line());
    else if (token === ":") parts.push(" ");
  }
  return parts.join("");
}
