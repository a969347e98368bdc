import { formatPath, type Problem } from "./problems";

interface Level {
  /** The keys of an object; null in a list. */
  keys: Set<string> | null;
  /** The current key or index. */
  at: PropertyKey;
}

/** Deeper nesting is rejected elsewhere. */
const DEPTH_MAX = 200;
const PROBLEMS_MAX = 100;

/** The index after the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text[index];
    if (character === "\\") index += 1;
    else if (character === '"') return index + 1;
  }
  return text.length;
}

/**
 * Finds duplicate keys of objects in a JSON text. Parsers silently keep the last one (RFC 8259, 4).
 * @param text valid JSON
 */
export function duplicateKeys(text: string): Problem[] {
  const problems: Problem[] = [];
  const levels: Level[] = [];
  for (let index = 0; index < text.length && levels.length <= DEPTH_MAX && problems.length < PROBLEMS_MAX; index += 1) {
    const level = levels.at(-1);
    switch (text[index]) {
      case "{":
        levels.push({ keys: new Set(), at: "" });
        break;
      case "[":
        levels.push({ keys: null, at: 0 });
        break;
      case "}":
      case "]":
        levels.pop();
        break;
      case ",":
        if (level && typeof level.at === "number") level.at += 1;
        break;
      case '"': {
        const end = endOfString(text, index);
        let next = end;
        while (next < text.length && " \t\r\n".includes(text[next] ?? "")) next += 1;
        if (level?.keys && text[next] === ":") {
          level.at = String(JSON.parse(text.slice(index, end)));
          if (level.keys.has(level.at))
            problems.push({ path: formatPath(levels.map(({ at }) => at)), message: "This key appears twice. Remove one." });
          level.keys.add(level.at);
        }
        index = end - 1;
        break;
      }
    }
  }
  return problems;
}
