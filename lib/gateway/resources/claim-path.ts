type Claims = Readonly<Record<string, unknown>>;

/** Reads one claim of a token; undefined when it has none. */
export type ClaimReader = (claims: Claims) => unknown;

/** Only what the server wrote itself: names such as `constructor` are everywhere. */
const own = (value: unknown, name: string): unknown =>
  value !== null && typeof value === "object" && Object.hasOwn(value, name) ? (value as Claims)[name] : undefined;

/** The names of a path, in which `\.` is a dot and `\\` a backslash. */
function namesOf(path: string): string[] {
  const names = [""];
  for (const [part] of path.matchAll(/\\[.\\]|[\s\S]/g)) {
    if (part === ".") names.push("");
    else names.push(`${names.pop() ?? ""}${part.length > 1 ? part.slice(1) : part}`);
  }
  return names;
}

/**
 * Compiles how a claim is read: by its name, also one with dots such as `https://example.com/roles`, or by the path to it, such as
 * `realm_access.roles`. A claim of the whole name comes before one at the path.
 */
export function claimReader(path: string): ClaimReader {
  const names = namesOf(path);
  const [name = ""] = names;
  if (names.length === 1) return (claims) => own(claims, name);
  const whole = names.join(".");
  return (claims) => own(claims, whole) ?? names.reduce<unknown>(own, claims);
}

/** The paths of a list that is separated by spaces. */
export const claimReaders = (paths: string): readonly ClaimReader[] =>
  paths
    .split(/\s+/)
    .filter((path) => path !== "")
    .map(claimReader);
