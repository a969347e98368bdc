const CONTEXT_SEGMENT = /^[A-Za-z0-9._~-]+$/;
const RESERVED_FIRST_SEGMENTS = new Set(["healthz", "readyz", "metrics", ".well-known"]);

/**
 * Says what is wrong with a context path, or nothing.
 * The characters are RFC 3986's unreserved ones, so that a context path has exactly one spelling on the wire.
 */
export function contextPathProblem(path: string): string | undefined {
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

/** Says what is wrong with the path of a flow's match, or nothing. `:name` stands for one segment. */
export function flowPathProblem(path: string): string | undefined {
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
  const segments = path.slice(1).split("/");
  // One trailing slash is ignored in matching, so it is accepted here and means nothing.
  if (segments.at(-1) === "") segments.pop();
  for (const segment of segments) {
    if (segment === "") return "A path has no empty segments (//).";
    if (segment.startsWith(":")) {
      const name = segment.slice(1);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `A path parameter is a colon and a name, for example :id, not ${segment}.`;
      if (names.has(name)) return `The parameter :${name} stands twice in this path.`;
      names.add(name);
    } else if (/^\.+$/.test(segment) || segment.endsWith(".")) {
      return "No segment consists of dots or ends in one: such requests are refused before matching.";
    }
  }
  return undefined;
}
