import { fieldMeta } from "@/lib/definition/registry";
import { resourceTypeOf } from "@/lib/definition/requirements";
import type { Resource } from "@/lib/definition/schema";
import { registry } from "../schemas";
import { type Asked, looserFields } from "./accepts-no-more";
import { asksToken, type TokenAccess } from "./access";

const shown = (value: unknown) => {
  if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  return value === undefined || value === "" ? "none" : String(value);
};

/** Describes the fields that make a resource accept other tokens than its counterpart. */
function differences(own: Resource, fields: readonly string[]): string {
  const descriptor = resourceTypeOf(registry, own.type);
  const words = fields.map((field) => {
    const schema = descriptor?.schema.shape[field];
    return `${(schema && fieldMeta(schema).title) ?? field}: ${shown(own.config[field])}`;
  });
  return words.length > 0 ? ` (${words.join("; ")})` : "";
}

function requirementWords({ resource, scopes, scopeMode }: TokenAccess, detail: string): string {
  const needed = scopes.length > 0 ? ` with ${scopes.join(scopeMode === "any" ? " or " : " and ")}` : "";
  return `a token from ${resource}${detail}${needed}`;
}

/** What a call has to bring, in words; `other` is what it is compared with, so that what differs in a resource is said. */
function words(own: Asked, other: Asked, isAfter: boolean): string {
  if (own.access.level === "refused") return "rejected";
  if (own.access.level === "anonymous") return "no token";
  const parts = own.access.requirements.map((requirement) => {
    if (!asksToken(requirement)) return requirement.credential;
    const mine = own.definition.resources.find(({ name }) => name === requirement.resource);
    const theirs = other.definition.resources.find(({ name }) => name === requirement.resource);
    if (!mine || !theirs) return requirementWords(requirement, "");
    if (mine.type !== theirs.type) return requirementWords(requirement, ` (${resourceTypeOf(registry, mine.type)?.title ?? mine.type})`);
    const fields = isAfter ? looserFields(theirs, mine) : looserFields(mine, theirs);
    return requirementWords(requirement, differences(mine, fields));
  });
  const unique = [...new Set(parts)];
  // A requirement with scopes includes the one without.
  return unique.filter((part) => !unique.some((other) => other.startsWith(`${part} with `))).join(", and ");
}

/** Describes the requirements before and after a change. */
export const accessWords = (before: Asked, after: Asked): { before: string; after: string } => ({
  before: words(before, after, false),
  after: words(after, before, true),
});
