import { type Problem, problemsOf } from "@/lib/definition/problems";
import { definitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

/** The values of the form for a new API. */
export interface NewApi {
  name: string;
  version: string;
  contextPath: string;
  url: string;
  description: string;
}

export const emptyApi: NewApi = { name: "", version: "1.0.0", contextPath: "", url: "", description: "" };

/** The definition path of each form field; problems refer to these paths. */
export const fieldPaths: Record<keyof NewApi, string> = {
  name: "name",
  version: "version",
  contextPath: "contextPath",
  url: "endpoints.production.url",
  description: "description",
};

const schema = definitionSchema(registry);

/** Builds the definition from the form; the management API adds defaults. */
export function definitionOf(api: NewApi): Record<string, unknown> {
  return {
    name: api.name.trim(),
    version: api.version.trim(),
    contextPath: api.contextPath.trim(),
    ...(api.description.trim() === "" ? {} : { description: api.description.trim() }),
    endpoints: { production: { url: api.url.trim() } },
  };
}

/** Validates a new API by the management API's rules. */
export function problemsWith(api: NewApi): Problem[] {
  const result = schema.safeParse(definitionOf(api));
  return result.success ? [] : problemsOf(result.error);
}

/** Splits problems into the first one of each field and those without a field. */
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
