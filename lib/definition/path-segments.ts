/** A path segment of a flow or an operation. */
export interface PathSegment {
  /** The parameter's name; null for a literal. */
  parameter: string | null;
  /** The literal, or the suffix after a parameter, such as `:cancel`, `.json` or "". */
  literal: string;
}

const PARAMETER = /^:([A-Za-z_][A-Za-z0-9_]*)(.*)$/s;

/**
 * Parses a segment. A parameter (colon and name) starts the segment; the rest is a literal suffix, so `:id:cancel` matches
 * `7:cancel` (custom methods, AIP-136).
 */
export function segmentOf(text: string): PathSegment {
  if (!text.startsWith(":")) return { parameter: null, literal: text };
  const [, parameter = text.slice(1), literal = ""] = PARAMETER.exec(text) ?? [];
  return { parameter, literal };
}

/** The segments of a path as written. A trailing slash is ignored. */
export function writtenSegments(path: string): string[] {
  const parts = path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

/** Whether a parameter followed by `suffix` matches a segment. A parameter is never empty. */
export const endsWithSuffix = (segment: string, suffix: string): boolean => segment.length > suffix.length && segment.endsWith(suffix);
