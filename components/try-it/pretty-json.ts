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
  let output = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  // What is valid JSON consists of strings, punctuation, white space, and words without any of them.
  for (const [token] of source.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/gs)) {
    if (token === "{" || token === "[") {
      depth += 1;
      output += `${token}${line()}`;
    } else if (token === "}" || token === "]") {
      const opened = token === "}" ? "{" : "[";
      const isEmpty = output.endsWith(`${opened}${line()}`);
      depth -= 1;
      output = isEmpty ? `${output.trimEnd()}${token}` : `${output}${line()}${token}`;
    } else if (token === ",") output += `,${line()}`;
    else if (token === ":") output += ": ";
    else output += token;
  }
  return output;
}
