/** One segment of a flow's or an operation's path. */
export interface PathSegment {
  /** The parameter's name, or null where the segment is a literal. */
  parameter: string | null;
  /** The literal; behind a parameter what follows it in the segment, such as `:cancel` or `.json`, and "" where it takes all of it. */
  literal: string;
}

const PARAMETER = /^:([A-Za-z_][A-Za-z0-9_]*)(.*)$/s;

/**
 * Reads a segment as it is written. A parameter starts the segment and is a colon and a name; what follows the name stands for
 * itself, so that `:id:cancel` matches `7:cancel` (custom methods, as Google's AIP-136 has them).
 */
export function segmentOf(text: string): PathSegment {
  if (!text.startsWith(":")) return { parameter: null, literal: text };
  const [, parameter = text.slice(1), literal = ""] = PARAMETER.exec(text) ?? [];
  return { parameter, literal };
}

/** The segments of a path as they are written. A trailing slash means nothing. */
export function writtenSegments(path: string): string[] {
  const parts = path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

/** Whether a parameter followed by `suffix` matches a segment. A parameter is never empty. */
export const endsWithSuffix = (segment: string, suffix: string): boolean => segment.length > suffix.length && segment.endsWith(suffix);
