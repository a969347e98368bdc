import { type Problem, problemsOf } from "@/lib/definition/problems";
import { endpointSecurityTypes, type OAuth2Security } from "@/lib/gateway/endpoint-security/schema";

export type Parameter = OAuth2Security["parameters"][number];

/**
 * What is wrong with parameters as they are typed: names that are taken, reserved or misspelt. A row that has no name yet
 * is only being filled in; that it needs one is said when it is saved.
 */
export function parameterProblems(parameters: readonly Parameter[], path: string): Problem[] {
  const result = endpointSecurityTypes.oauth2.shape.parameters.safeParse(parameters);
  if (result.success) return [];
  const unnamed = new Set(parameters.flatMap(({ name }, index) => (name === "" ? [`[${index}].name`] : [])));
  return problemsOf(result.error)
    .filter((problem) => !unnamed.has(problem.path))
    .map((problem) => ({ ...problem, path: `${path}${problem.path}` }));
}

/** What was typed now together with what a save found; the first word on each path stands. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const problem of problems) if (!first.has(problem.path)) first.set(problem.path, problem);
  return [...first.values()];
}
