import { type Problem, problemsOf } from "@/lib/definition/problems";
import { definitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

/** What the form for a new API holds, as it is typed. */
export interface NewApi {
  name: string;
  version: string;
  contextPath: string;
  url: string;
  description: string;
}

export const emptyApi: NewApi = { name: "", version: "1.0.0", contextPath: "", url: "", description: "" };

/** The path in the definition that each field of the form writes, which is how the API names a problem with it. */
export const fieldPaths: Record<keyof NewApi, string> = {
  name: "name",
  version: "version",
  contextPath: "contextPath",
  url: "endpoints.production.url",
  description: "description",
};

const schema = definitionSchema(registry);

/** The definition that a form stands for; the API fills in everything else. */
export function definitionOf(api: NewApi): Record<string, unknown> {
  return {
    name: api.name.trim(),
    version: api.version.trim(),
    contextPath: api.contextPath.trim(),
    ...(api.description.trim() === "" ? {} : { description: api.description.trim() }),
    endpoints: { production: { url: api.url.trim() } },
  };
}

/** What is wrong with a new API, found by the same rules as in the management API. */
export function problemsWith(api: NewApi): Problem[] {
  const result = schema.safeParse(definitionOf(api));
  return result.success ? [] : problemsOf(result.error);
}

/** The first problem of each field, and those that belong to no field of the form. */
export function sortProblems(problems: readonly Problem[]): { byField: Partial<Record<keyof NewApi, string>>; others: Problem[] } {
  const byField: Partial<Record<keyof NewApi, string>> = {};
  const others: Problem[] = [];
  for (const problem of problems) {
    const field = (Object.keys(fieldPaths) as (keyof NewApi)[]).find((name) => fieldPaths[name] === problem.path);
    if (field) byField[field] ??= problem.message;
    else others.push(problem);
  }
  return { byField, others };
}
