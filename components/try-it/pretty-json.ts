/** Deeper levels are indented like this one: indenting each level would make a text that grows with the square of the depth. */
const INDENTED_LEVELS_MAX = 100;

/**
 * Indents JSON by two spaces without touching a single token, so that 12345678901234567890, 1.0 and duplicate keys
 * are shown as they arrived. Answers null for what is not JSON.
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
  // What opened just now and has nothing in it yet: its line break is written with its first element.
  let isOpen = false;
  // What is valid JSON consists of strings, punctuation, white space, and words without any of them.
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
