import { NOT_ASCII, normalizeText } from "@/lib/definition/flow-matcher";

/** A request target that may be routed: it has one spelling, and that spelling is forwarded. */
export interface Target {
  /** The path in its canonical spelling (RFC 3986, section 6.2.2): this is matched, and this is forwarded. */
  path: string;
  /** The query with its `?`, or "". */
  query: string;
  /** The decoded segments of the path, without the empty one after a trailing slash. */
  segments: readonly string[];
  /** There is a `;` in the path: only APIs that allow it may see it. */
  semicolon: boolean;
  /** There is an encoded `/` in a segment: only APIs that allow it may see it. */
  encodedSlash: boolean;
  /** A segment is still percent-encoded after decoding, so some backends may decode it once more. */
  encodedTwice: boolean;
  /** There is an encoded `?` or `#`: where a path is decoded before it is cut, it ends there. */
  encodedEnd: boolean;
  /** Characters stand for others where Unicode is normalized: a full-width slash for a slash, `ﬁ` for `fi`. */
  normalizable: boolean;
}

/** The characters of RFC 3986's pchar, but `;` and `%`: a path of these has one spelling already. */
const PLAIN_PATH = /^[A-Za-z0-9\-._~!$&'()*+,=:@/]*$/;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;
const ESCAPE_OR_UNSAFE = /%[0-9a-fA-F]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@%/]/g;
const ESCAPE = /%[0-9a-fA-F]{2}/;
const NOT_VISIBLE_ASCII = /[^\x21-\x7e]/;
const END = /[?#]/;
const DOTS_BEFORE_END = /^\.{1,2}[?#;]/;
const MAX_DECODINGS = 4;
/** Paths with segments that can be read in several ways are read in all of them, each of which costs time for each segment. */
const SEGMENTS_MAX = 128;
const TOO_MANY_SEGMENTS = `The path has more than ${SEGMENTS_MAX} segments, some of them percent-encoded.`;
/** ASP.NET cuts such a segment out of the path: `(S(…))` is a session without cookies, `A` and `F` an identity. */
const COOKIELESS = /^\((?:[A-Za-z]\([^()]*\))+\)$/;
/** NTFS reads `orders::$DATA` and `orders:$I30:$INDEX_ALLOCATION` as `orders`. */
const STREAM = /:\$[A-Za-z][A-Za-z0-9_]*(?::|$)/;

/** Control characters, those of the C1 block too. */
function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}

function canonicalSegment(raw: string): string {
  return raw.replace(ESCAPE_OR_UNSAFE, (part) => {
    if (part.length === 1) return `%${part.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
    const character = String.fromCharCode(Number.parseInt(part.slice(1), 16));
    return UNRESERVED.test(character) ? character : part.toUpperCase();
  });
}

/** Segments that some file system, server or proxy reads as another one. */
function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "The path has an empty segment.";
  if (segment === "." || segment === "..") return "The path has a dot segment.";
  const last = segment.charCodeAt(segment.length - 1);
  if (last === 0x2e || last === 0x20) return "A segment of the path ends in a dot or a space.";
  if (segment.charCodeAt(0) === 0x28 && COOKIELESS.test(segment)) return "A segment of the path is one that ASP.NET takes out of it.";
  if (segment.includes(":$") && STREAM.test(segment)) return "A segment of the path names a stream of a file.";
  return undefined;
}

/** Looks at a decoded segment in every way in which a backend might read it. */
function decodedProblem(segment: string): string | undefined {
  if (segment.includes("\\")) return "The path has a backslash.";
  if (hasControl(segment)) return "The path has a control character.";
  for (const part of segment.split("/")) {
    const problem = segmentProblem(part) ?? (part.includes(";") ? segmentProblem(part.slice(0, part.indexOf(";"))) : undefined);
    if (problem) return problem;
    if (DOTS_BEFORE_END.test(part)) return "The path has a dot segment.";
  }
  return undefined;
}

/** Segments as they are where a path is normalized before it is split, as some file systems and frameworks do. */
const normalizedSegments = (segments: readonly string[]) =>
  segments.flatMap((segment) =>
    normalizeText(segment)
      .split(/[/\\]/)
      .map((part) => (part === "." || part === ".." ? part : part.replace(/[. ]+$/, "")))
      .filter((part) => part !== ""),
  );

/** Looks at what a segment with characters beyond ASCII becomes where it is normalized. */
function normalizationProblem(parts: readonly string[]): string | undefined {
  if (parts.some((part) => part === "." || part === "..")) return "The path has a dot segment.";
  return parts.length === 0 ? "The path has an empty segment." : undefined;
}

/** A path that every backend reads alike. */
const PLAIN_READING = { semicolon: false, encodedSlash: false, encodedTwice: false, encodedEnd: false, normalizable: false } as const;

function decodeOnce(text: string): string | undefined {
  try {
    // Throws for escapes that are incomplete and for bytes that are not well-formed UTF-8, overlong forms included.
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a request target, or says in a string why it is refused with 400. Refused are, before any matching,
 * all spellings that a backend could read as another path than the one that was matched: backslashes, control
 * characters, invalid escapes, ill-formed UTF-8, dot segments and empty segments however encoded, segments that
 * end in a dot or a space, those that ASP.NET or NTFS take for nothing. `;` and `%2f` are reported, because an API may allow them.
 */
export function parseTarget(target: string): Target | string {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark);
  if (path.charCodeAt(0) !== 0x2f) return "The request target does not start with a slash.";
  if (NOT_VISIBLE_ASCII.test(query) || query.includes("#")) return "The query has a character that must be percent-encoded.";
  const raw = path.split("/");
  raw.shift();
  const trailingSlash = raw.at(-1) === "";
  if (trailingSlash) raw.pop();
  if (PLAIN_PATH.test(path)) {
    for (const segment of raw) {
      const problem = segmentProblem(segment);
      if (problem) return problem;
    }
    return { path, query, segments: raw, ...PLAIN_READING };
  }
  if (NOT_VISIBLE_ASCII.test(path) || path.includes("#")) return "The path has a character that must be percent-encoded.";
  let count = raw.length;
  if (count > SEGMENTS_MAX) return TOO_MANY_SEGMENTS;
  const result: Target & { segments: string[] } = {
    path: "",
    query,
    segments: [],
    ...PLAIN_READING,
  };
  for (const segment of raw) {
    let decoded = decodeOnce(segment);
    if (decoded === undefined) return "The path has an invalid percent-encoding.";
    result.segments.push(decoded);
    for (let round = 0; ; round += 1) {
      const problem = decodedProblem(decoded);
      if (problem) return problem;
      result.semicolon ||= decoded.includes(";");
      if (decoded.includes("/")) {
        result.encodedSlash = true;
        count += decoded.split("/").length - 1;
        if (count > SEGMENTS_MAX) return TOO_MANY_SEGMENTS;
      }
      result.encodedEnd ||= END.test(decoded);
      if (NOT_ASCII.test(decoded)) {
        const parts = normalizedSegments([decoded]);
        const problem = normalizationProblem(parts);
        if (problem) return problem;
        result.normalizable ||= parts.length > 1 || parts[0] !== decoded;
        count += parts.length - 1;
        if (count > SEGMENTS_MAX) return TOO_MANY_SEGMENTS;
      }
      if (!ESCAPE.test(decoded)) break;
      if (round === MAX_DECODINGS) return "The path is percent-encoded too many times.";
      result.encodedTwice = true;
      decoded = decodeOnce(decoded);
      // A backend that decodes leniently would read something here that was not looked at.
      if (decoded === undefined) return "The path is percent-encoded twice, and the second time wrongly.";
    }
    result.path += `/${canonicalSegment(segment)}`;
  }
  if (trailingSlash || result.path === "") result.path += "/";
  return result;
}

const withoutParameters = (segments: readonly string[]) => segments.map((segment) => segment.split(";", 1)[0] ?? "");
/** What stands before the first `?` or `#`. */
function withoutEnd(segments: readonly string[]): readonly string[] {
  const index = segments.findIndex((segment) => END.test(segment));
  if (index === -1) return segments;
  const last = segments[index]?.split(END, 1)[0] ?? "";
  return last === "" ? segments.slice(0, index) : [...segments.slice(0, index), last];
}
const splitAtSlashes = (segments: readonly string[]) => segments.flatMap((segment) => segment.split("/"));

function fullyDecoded(segment: string): string {
  let text = segment;
  for (let round = 0; round < MAX_DECODINGS && ESCAPE.test(text); round += 1) {
    const next = decodeOnce(text);
    if (next === undefined) break;
    text = next;
  }
  return text;
}

/**
 * Every way in which backends read these segments. Almost always there is one. Where an API allows `;` or `%2f`,
 * some backends cut path parameters off or split at encoded slashes and some do not, and some end a path at an encoded
 * `?`; the flows of every reading have to run, or one spelling of a path would get past the flows of another.
 */
export function readingsOf(segments: readonly string[], target: Target): (readonly string[])[] {
  if (!target.semicolon && !target.encodedSlash && !target.encodedTwice && !target.encodedEnd && !target.normalizable) return [segments];
  const readings = [segments];
  if (target.encodedTwice) readings.push(segments.map(fullyDecoded));
  // Normalization makes ASCII of full-width characters: also a `?`, a `;` and a `/`.
  if (target.normalizable) readings.push(...readings.map(normalizedSegments));
  if (target.encodedEnd || target.normalizable) readings.push(...readings.map(withoutEnd));
  for (const reading of [...readings]) {
    readings.push(
      withoutParameters(reading),
      splitAtSlashes(reading),
      withoutParameters(splitAtSlashes(reading)),
      splitAtSlashes(withoutParameters(reading)),
    );
  }
  // Most of them are alike. No segment has a NUL.
  return [...new Map(readings.map((reading) => [reading.join("\0"), reading])).values()];
}
