import { formatPath, type Problem, problemsOf } from "@/lib/definition/problems";
import type { Definition } from "@/lib/definition/schema";
import { definitionSchema, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { invalid, ManagementError, PROBLEMS_MAX } from "./errors";
import { forbiddenUrls } from "./outbound-problems";

const schema = definitionSchema(registry);
const storedSchema = storedDefinitionSchema(registry);

/** Maximum members of one array or object: validating half a million takes seconds. */
const MEMBERS_MAX = 10_000;

/** Finds the first array or object with too many members. */
function oversizedPart(value: unknown, path: PropertyKey[] = []): Problem | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const keys = Object.keys(value);
  if (keys.length > MEMBERS_MAX)
    return {
      path: formatPath(path),
      message: `More than ${MEMBERS_MAX.toLocaleString("en")} entries. Remove some.`,
    };
  for (const key of keys) {
    const problem = oversizedPart(Reflect.get(value, key), [...path, Array.isArray(value) ? Number(key) : key]);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * Validates a definition and applies its defaults.
 * @throws ManagementError 400 with every invalid path
 */
export function parseDefinition(input: unknown): Definition {
  const oversized = oversizedPart(input);
  if (oversized) throw invalid([oversized]);
  const result = schema.safeParse(input, { reportInput: true });
  if (!result.success) throw invalid(problemsOf(result.error));
  const forbidden = forbiddenUrls(result.data);
  if (forbidden.length > 0) throw invalid(forbidden);
  return result.data;
}

/**
 * Reads a stored definition, or returns why this version can't; another version may have written it. Later path rules don't
 * apply here: `pathProblemsOf` checks them.
 */
export function readStored(stored: unknown): { ok: true; definition: Definition } | { ok: false; problems: Problem[] } {
  const result = storedSchema.safeParse(stored, { reportInput: true });
  return result.success ? { ok: true, definition: result.data } : { ok: false, problems: problemsOf(result.error) };
}

/**
 * Reads a stored definition and applies later defaults.
 * @param what its name in errors: `draft` or `deployment 4`
 * @throws ManagementError 409 with every path that this version can't read
 */
export function storedDefinition(stored: unknown, what = "draft"): Definition {
  const read = readStored(stored);
  if (read.ok) return read.definition;
  const [first, ...others] = read.problems;
  const more = others.length ? ` (and ${others.length} more)` : "";
  throw new ManagementError(
    409,
    `This version of Gatewright can't read the stored ${what}: ${first?.path ? `${first.path}: ` : ""}${first?.message ?? ""}${more} ${
      what === "draft" ? "Save a corrected draft, or delete the API." : "Deploy a corrected draft, or another deployment."
    }`,
    read.problems.slice(0, PROBLEMS_MAX),
  );
}

/** Returns a stored definition's context path, even if the rest is unreadable; undefined if it has none. */
export function storedContextPath(stored: unknown): string | undefined {
  const path = typeof stored === "object" && stored !== null && "contextPath" in stored ? stored.contextPath : undefined;
  return typeof path === "string" ? path : undefined;
}

export { registry };
