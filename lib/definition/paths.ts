import { ourFormOf } from "./foreign-paths";
import { segmentOf, writtenSegments } from "./path-segments";

const CONTEXT_SEGMENT = /^[A-Za-z0-9._~-]+$/;
const RESERVED_FIRST_SEGMENTS = new Set(["healthz", "readyz", "metrics", ".well-known"]);

/** A context path has neither parameters nor wildcards, in any notation: it is literal, and everything below it is the API's. */
function foreignContextProblem(path: string): string | undefined {
  const form = path.length > 500 ? undefined : ourFormOf(path);
  if (form === undefined && !/\/:[A-Za-z_]/.test(path)) return undefined;
  const segments = writtenSegments(form?.path ?? path);
  const first = segments.findIndex((segment) => !CONTEXT_SEGMENT.test(segment));
  const literal = `/${segments.slice(0, first === -1 ? segments.length : first).join("/")}`;
  const rest = `/${segments.slice(first).join("/")}`;
  const why = "A context path is literal and serves everything below it: it has no parameters and no wildcards.";
  if (literal === "/" && first !== -1) return `${why} Write the value itself, for example /v1.`;
  return first === -1 ? `${why} Write ${literal}.` : `${why} Write ${literal}, and match ${rest} in a flow.`;
}

/**
 * Says what is wrong with a context path, or nothing.
 * The characters are RFC 3986's unreserved ones, so that a context path has exactly one spelling on the wire.
 */
export function contextPathProblem(path: string): string | undefined {
  const foreign = foreignContextProblem(path);
  if (foreign) return foreign;
  if (!path.startsWith("/")) return "A context path starts with a slash, for example /orders.";
  if (path === "/") return undefined;
  if (path.length > 200) return "A context path has at most 200 characters.";
  if (path.endsWith("/")) return "Leave the slash at the end out.";
  if (/%/.test(path)) return "A context path has no percent-encoding (%): write the characters themselves.";
  if (/\s/.test(path)) return "A context path has no spaces.";
  const segments = path.slice(1).split("/");
  for (const segment of segments) {
    if (segment === "") return "A context path has no empty segments (//).";
    if (segment === "." || segment === "..") return "A context path has no . or .. segments.";
    if (!CONTEXT_SEGMENT.test(segment)) return `Only letters, digits and - . _ ~ may stand in a context path, not in this form: ${segment}`;
    if (segment.endsWith(".")) return "No segment of a context path ends in a dot.";
  }
  const first = segments[0] ?? "";
  if (RESERVED_FIRST_SEGMENTS.has(first.toLowerCase())) return `/${first} is reserved for the gateway itself. Choose another context path.`;
  return undefined;
}

/** A path in another product's notation would match nothing, and so guard nothing. */
function foreignFlowProblem(path: string): string | undefined {
  const form = path.length > 500 ? undefined : ourFormOf(path);
  if (form === undefined) return undefined;
  const why = "This is another product's path notation and would match no request.";
  if (form === null)
    return `${why} Write literal segments, and :name for one whole segment, for example /items/:id; the operator startsWith covers everything below a path.`;
  if (form.isPrefix) return `${why} Write ${form.path} with the operator startsWith.`;
  return `${why} Write ${form.path}${/\/:any(?![A-Za-z0-9_])/.test(form.path) ? ", where :any stands for exactly one segment" : ""}.`;
}

/** What is wrong with one segment that starts with a colon, or nothing. */
function parameterProblem(text: string, names: Set<string>): string | undefined {
  const { parameter, literal } = segmentOf(text);
  if (parameter === null) return undefined;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(parameter)) return `A path parameter is a colon and a name, for example :id, not ${text}.`;
  if (literal !== "" && !/^[.:@,=')!~&]/.test(literal))
    return `The name of a path parameter has letters, digits and _ only: write :${parameter}${literal.replace(/[^A-Za-z0-9_]/g, "_")} or end it with . or :, as in :id.json.`;
  if (names.has(parameter)) return `The parameter :${parameter} is used twice in this path. Rename one.`;
  names.add(parameter);
  return undefined;
}

/**
 * Says what is wrong with the path of a flow's match that is stored, or nothing. Unlike `flowPathProblem` it lets another
 * product's notation pass, which earlier versions stored: what runs goes on running, and is named.
 */
export function storedFlowPathProblem(path: string): string | undefined {
  if (!path.startsWith("/")) return "The path starts with a slash, for example /items/:id.";
  if (path === "/") return undefined;
  if (path.length > 500) return "A path has at most 500 characters.";
  if (path.includes("%"))
    return "Write the characters themselves instead of percent-encoding (%): requests are decoded before they are matched.";
  if (/[?#]/.test(path)) return "A match looks at the path only: leave ? and # out.";
  if (/[\\;\s]/.test(path)) return "A path has no spaces, backslashes or semicolons: such requests are refused before matching.";
  for (let index = 0; index < path.length; index += 1) {
    const code = path.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return "A path has no control characters.";
  }
  const names = new Set<string>();
  // One trailing slash is ignored in matching, so it is accepted here and means nothing.
  for (const segment of writtenSegments(path)) {
    if (segment === "") return "A path has no empty segments (//).";
    if (/^\.+$/.test(segment) || segment.endsWith("."))
      return "No segment consists of dots or ends in one: such requests are refused before matching.";
    const problem = parameterProblem(segment, names);
    if (problem) return problem;
  }
  return undefined;
}

/** Says what is wrong with the path of a flow's match, or nothing. `:name` stands for one segment, or for the beginning of one. */
export function flowPathProblem(path: string): string | undefined {
  return foreignFlowProblem(path) ?? storedFlowPathProblem(path);
}
