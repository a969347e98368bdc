import type { z } from "zod";
import { freeResourceName } from "@/components/draft/edits";
import { newKey, type ResourceItem, type WorkingCopy } from "@/components/draft/working-copy";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { fieldMeta, type ResourceDescriptor } from "@/lib/definition/registry";
import type { Resource } from "@/lib/definition/schema";
import { rebindProblem, resourceSecretSlots } from "@/lib/definition/secrets";
import { registry } from "@/lib/gateway/schemas";

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/;

export const resourceTypeOf = (type: string): ResourceDescriptor | undefined =>
  registry.resources.find((descriptor) => descriptor.type === type);

/** Creates a resource of a type with an unused name. */
export function newResource(type: string, copy: WorkingCopy): ResourceItem {
  return { key: newKey(), name: freeResourceName(copy, resourceTypeOf(type)?.suggestedName ?? "resource"), type, config: {} };
}

/** Returns the problem of a resource's name, if any. */
export function resourceNameProblem(name: string, others: readonly string[]): string | undefined {
  if (name === "") return "Enter a name.";
  if (name.length > 60) return "Maximum: 60 characters.";
  if (!NAME.test(name)) return "Use letters, digits, spaces, and - . _ and start with a letter or digit.";
  return others.includes(name) ? `The name ${name} is already in use. Enter another name.` : undefined;
}

/** Returns the problems of a new resource, with paths `name` and `config.…`. Requires its secrets. */
export function newResourceProblems(resource: ResourceItem, copy: WorkingCopy): Problem[] {
  const problems: Problem[] = [];
  const name = resourceNameProblem(
    resource.name,
    copy.resources.filter(({ key }) => key !== resource.key).map((other) => other.name),
  );
  if (name) problems.push({ path: "name", message: name });
  const schema = resourceTypeOf(resource.type)?.schema;
  if (!schema) return problems;
  const result = schema.safeParse(resource.config);
  if (!result.success)
    problems.push(...problemsOf(result.error).map(({ path, message }) => ({ path: path ? `config.${path}` : "config", message })));
  for (const [field, type] of Object.entries(schema.shape)) {
    const meta = fieldMeta(type as z.ZodType);
    if (meta.secret && meta.required && !resource.config[field])
      problems.push({ path: `config.${field}`, message: `${meta.title ?? field} is required.` });
  }
  return problems;
}

/** Returns a resource without its typed secrets. */
export function withoutSecretFields<T extends Resource>(resource: T): T {
  const secrets = new Set(slotsOf(resource).keys());
  return { ...resource, config: Object.fromEntries(Object.entries(resource.config).filter(([field]) => !secrets.has(field))) };
}

/** Returns a resource's secret slots by field. */
const slotsOf = ({ name, type, config }: Resource) =>
  new Map(resourceSecretSlots([{ name, type, config }], registry).map((slot) => [slot.key.split("/")[2], slot]));

/**
 * Returns the stored secrets that a save will require again, by the server's rule: an address that receives them has
 * another origin or certificate authority. The server decides on save.
 */
export function movedSecrets(resource: Resource, saved: readonly Resource[], stored: readonly string[]): Problem[] {
  const before = saved.find((candidate) => candidate.name === resource.name && candidate.type === resource.type);
  if (!before) return [];
  const former = slotsOf(before);
  return [...slotsOf(resource)].flatMap(([field, slot]) => {
    const path = `config.${field}`;
    const was = former.get(field);
    const problem = was && rebindProblem(slot, was);
    if (problem === undefined || !stored.includes(path) || slot.value) return [];
    return [{ path, message: `${slot.title}: ${problem}` }];
  });
}
