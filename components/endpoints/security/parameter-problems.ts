import { type Problem, problemsOf } from "@/lib/definition/problems";
import { endpointSecurityTypes, type OAuth2Security } from "@/lib/gateway/endpoint-security/schema";

export type Parameter = OAuth2Security["parameters"][number];

/**
 * Returns the problems of parameters while typing: duplicate, reserved, or invalid names. A missing name is reported on save only.
 */
export function parameterProblems(parameters: readonly Parameter[], path: string): Problem[] {
  const result = endpointSecurityTypes.oauth2.shape.parameters.safeParse(parameters);
  if (result.success) return [];
  const unnamed = new Set(parameters.flatMap(({ name }, index) => (name === "" ? [`[${index}].name`] : [])));
  return problemsOf(result.error)
    .filter((problem) => !unnamed.has(problem.path))
    .map((problem) => ({ ...problem, path: `${path}${problem.path}` }));
}

/** Merges problems, keeping the first one of each path. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const problem of problems) if (!first.has(problem.path)) first.set(problem.path, problem);
  return [...first.values()];
}
