import { ourFormOf } from "./foreign-paths";
import { segmentOf, writtenSegments } from "./path-segments";

const CONTEXT_SEGMENT = /^[A-Za-z0-9._~-]+$/;
const RESERVED_FIRST_SEGMENTS = new Set(["healthz", "readyz", "metrics", ".well-known"]);

/** Rejects parameters and wildcards of any notation in a context path. */
function foreignContextProblem(path: string): string | undefined {
  const form = path.length > 500 ? undefined : ourFormOf(path);
  if (form === undefined && !/\/:[A-Za-z_]/.test(path)) return undefined;
  const segments = writtenSegments(form?.path ?? path);
  const first = segments.findIndex((segment) => !CONTEXT_SEGMENT.test(segment));
  const literal = `/${segments.slice(0, first === -1 ? segments.length : first).join("/")}`;
  const rest = `/${segments.slice(first).join("/")}`;
  const why = "A context path is literal and includes all paths below it. It can't have parameters or wildcards.";
  if (literal === "/" && first !== -1) return `${why} Use the value itself, for example /v1.`;
  return first === -1 ? `${why} Use ${literal}.` : `${why} Use ${literal}, and match ${rest} in a flow.`;
}

/**
 * Validates a context path; undefined when it's valid. Only RFC 3986's unreserved characters are allowed, so it has exactly one
 * spelling in a URL.
 */
export function contextPathProblem(path: string): string | undefined {
  const foreign = foreignContextProblem(path);
  if (foreign) return foreign;
  if (!path.startsWith("/")) return "A context path must start with a slash, for example /orders.";
  if (path === "/") return undefined;
  if (path.length > 200) return "A context path has at most 200 characters.";
  if (path.endsWith("/")) return "Remove the trailing slash.";
  if (/%/.test(path)) return "A context path can't be percent-encoded (%). Use the characters themselves.";
  if (/\s/.test(path)) return "A context path can't have spaces.";
  const segments = path.slice(1).split("/");
  for (const segment of segments) {
    if (segment === "") return "A context path can't have empty segments (//).";
    if (segment === "." || segment === "..") return "A context path can't have . or .. segments.";
    if (!CONTEXT_SEGMENT.test(segment)) return `A context path can have only letters, digits and - . _ ~: ${segment}`;
    if (segment.endsWith(".")) return "A segment of a context path can't end in a dot.";
  }
  const first = segments[0] ?? "";
  if (RESERVED_FIRST_SEGMENTS.has(first.toLowerCase())) return `/${first} is reserved for the gateway. Choose another context path.`;
  return undefined;
}

/** Rejects another product's notation, which would match and protect nothing. */
function foreignFlowProblem(path: string): string | undefined {
  const form = path.length > 500 ? undefined : ourFormOf(path);
  if (form === undefined) return undefined;
  const why = "This is another product's path notation and would match no request.";
  if (form === null)
    return `${why} Use literal segments and :name for a whole segment, for example /items/:id. The operator startsWith includes all paths below.`;
  if (form.isPrefix) return `${why} Use ${form.path} with the operator startsWith.`;
  return `${why} Use ${form.path}${/\/:any(?![A-Za-z0-9_])/.test(form.path) ? ", where :any matches exactly one segment" : ""}.`;
}

/** Validates a segment that starts with a colon; undefined when it's valid. */
function parameterProblem(text: string, names: Set<string>): string | undefined {
  const { parameter, literal } = segmentOf(text);
  if (parameter === null) return undefined;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(parameter)) return `A path parameter is a colon and a name, for example :id, not ${text}.`;
  if (literal !== "" && !/^[.:@,=')!~&]/.test(literal))
    return `A path parameter's name can have only letters, digits and _. Use :${parameter}${literal.replace(/[^A-Za-z0-9_]/g, "_")} or end it with . or :, as in :id.json.`;
  if (names.has(parameter)) return `The parameter :${parameter} is used twice in this path. Rename one.`;
  names.add(parameter);
  return undefined;
}

/**
 * Validates a stored flow path; undefined when it's valid. Unlike `flowPathProblem`, it accepts other products' notation, which
 * earlier versions stored.
 */
export function storedFlowPathProblem(path: string): string | undefined {
  if (!path.startsWith("/")) return "The path must start with a slash, for example /items/:id.";
  if (path === "/") return undefined;
  if (path.length > 500) return "A path has at most 500 characters.";
  if (path.includes("%"))
    return "A path can't be percent-encoded (%). Use the characters themselves: requests are decoded before matching.";
  if (/[?#]/.test(path)) return "A match uses the path only. Remove ? and #.";
  if (/[\\;\s]/.test(path)) return "A path can't have spaces, backslashes or semicolons: such requests are rejected before matching.";
  for (let index = 0; index < path.length; index += 1) {
    const code = path.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return "A path can't have control characters.";
  }
  const names = new Set<string>();
  // Matching ignores one trailing slash, so it's accepted.
  for (const segment of writtenSegments(path)) {
    if (segment === "") return "A path can't have empty segments (//).";
    if (/^\.+$/.test(segment) || segment.endsWith("."))
      return "A segment can't consist of dots or end in one: such requests are rejected before matching.";
    const problem = parameterProblem(segment, names);
    if (problem) return problem;
  }
  return undefined;
}

/** Validates a flow path; undefined when it's valid. `:name` matches a segment or its start. */
export function flowPathProblem(path: string): string | undefined {
  return foreignFlowProblem(path) ?? storedFlowPathProblem(path);
}
