import { formatPath, type Problem, problemsOf } from "@/lib/definition/problems";
import type { Definition } from "@/lib/definition/schema";
import { definitionSchema, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { invalid, ManagementError, PROBLEMS_MAX } from "./errors";
import { forbiddenUrls } from "./outbound-problems";

const schema = definitionSchema(registry);
const storedSchema = storedDefinitionSchema(registry);

/** No list or object of a definition has nearly as many members. Checking each of half a million takes seconds. */
const MEMBERS_MAX = 10_000;

/** The first part of an input that has more members than any part of a definition. */
function crowdedPart(value: unknown, path: PropertyKey[] = []): Problem | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const keys = Object.keys(value);
  if (keys.length > MEMBERS_MAX)
    return {
      path: formatPath(path),
      message: `More than ${MEMBERS_MAX.toLocaleString("en")} entries here: no part of an API definition has as many.`,
    };
  for (const key of keys) {
    const problem = crowdedPart(Reflect.get(value, key), [...path, Array.isArray(value) ? Number(key) : key]);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * Checks a definition that someone sent and fills in its defaults.
 * @throws ManagementError 400 with every path that is wrong
 */
export function parseDefinition(input: unknown): Definition {
  const crowded = crowdedPart(input);
  if (crowded) throw invalid([crowded]);
  const result = schema.safeParse(input, { reportInput: true });
  if (!result.success) throw invalid(problemsOf(result.error));
  const forbidden = forbiddenUrls(result.data);
  if (forbidden.length > 0) throw invalid(forbidden);
  return result.data;
}

/**
 * Reads a definition that is stored, or says why this version can't: it may have been written by another one. Rules that came
 * later do not apply: `pathProblemsOf` names what breaks them.
 */
export function readStored(stored: unknown): { ok: true; definition: Definition } | { ok: false; problems: Problem[] } {
  const result = storedSchema.safeParse(stored, { reportInput: true });
  return result.success ? { ok: true, definition: result.data } : { ok: false, problems: problemsOf(result.error) };
}

/**
 * Reads a definition that is stored: it was checked when it was written, and defaults that came later are filled in.
 * @param what names it: `draft`, or `deployment 4`
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

/** The context path of a stored definition, also of one that can't be read otherwise. */
export function storedContextPath(stored: unknown): string | undefined {
  const path = typeof stored === "object" && stored !== null && "contextPath" in stored ? stored.contextPath : undefined;
  return typeof path === "string" ? path : undefined;
}

export { registry };
