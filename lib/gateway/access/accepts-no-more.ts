import type { z } from "zod";
import { canonicalJson } from "@/lib/definition/canonical";
import { fieldMeta, type Narrowing } from "@/lib/definition/registry";
import { policyOf, resourceTypeOf } from "@/lib/definition/requirements";
import type { Definition, Resource } from "@/lib/definition/schema";
import { registry } from "../schemas";
import { asksToken, type CallAccess, type CredentialAccess } from "./access";

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isWithin = (inner: unknown, outer: unknown) => listOf(inner).every((item) => listOf(outer).includes(item));

/** For each way in which a field can narrow: whether the second value accepts nothing that the first does not. */
const NARROWS: Readonly<Record<Narrowing, (before: unknown, after: unknown) => boolean>> = {
  any: () => true,
  fewer: (before, after) => isWithin(after, before),
  fewerOrSome: (before, after) => listOf(before).length === 0 || (listOf(after).length > 0 && isWithin(after, before)),
  set: (before) => before === undefined || before === "",
  on: (before, after) => before !== true || after === true,
  less: (before, after) => Number(after) <= Number(before),
};

type Config = Readonly<Record<string, unknown>>;

/** The fields in which one configuration accepts something that the other doesn't. A field that its schema says nothing about counts. */
function looserIn(schema: z.ZodObject | undefined, before: Config, after: Config): string[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].filter((field) => {
    const [old, now] = [before[field], after[field]];
    if (canonicalJson(old ?? null) === canonicalJson(now ?? null)) return false;
    const type = schema?.shape[field] as z.ZodType | undefined;
    const narrowing = type && fieldMeta(type).narrowing;
    return narrowing === undefined || !NARROWS[narrowing](old, now);
  });
}

/** Returns the fields in which a resource accepts other or more tokens than another of its type. */
export const looserFields = (before: Resource, after: Resource): string[] =>
  looserIn(resourceTypeOf(registry, after.type)?.schema, before.config, after.config);

/** One condition on a token: that a resource accepts it, and that it has one of some scopes where any are named. */
interface Clause {
  resource: Resource | undefined;
  scopes: readonly string[] | null;
}

function clausesOf({ requirements }: CallAccess, { resources }: Definition): Clause[] {
  return requirements.filter(asksToken).flatMap(({ resource: name, scopes, scopeMode }) => {
    const resource = resources.find((candidate) => candidate.name === name);
    const groups = scopes.length === 0 ? [] : scopeMode === "any" ? [scopes] : scopes.map((scope) => [scope]);
    return [{ resource, scopes: null }, ...groups.map((group) => ({ resource, scopes: group }))];
  });
}

function implies(after: Clause, before: Clause): boolean {
  if (!after.resource || !before.resource || after.resource.type !== before.resource.type) return false;
  if (looserFields(before.resource, after.resource).length > 0) return false;
  if (before.scopes === null) return true;
  return after.scopes?.every((scope) => before.scopes?.includes(scope)) ?? false;
}

const credentialsOf = ({ requirements }: CallAccess): CredentialAccess[] =>
  requirements.filter((requirement) => !asksToken(requirement)) as CredentialAccess[];

function impliesCredential(after: CredentialAccess, before: CredentialAccess): boolean {
  if (after.by.policy !== before.by.policy || after.credential !== before.credential) return false;
  return looserIn(policyOf(registry, after.by.policy)?.schema, before.by.config, after.by.config).length === 0;
}

/** Requirements of a request by one definition. */
export interface Asked {
  access: CallAccess;
  definition: Definition;
}

/**
 * Whether every call that passes after a change passed before it: what is asked before is implied by what is asked after. A
 * condition on scopes is implied by one that allows fewer of them; nothing else is taken for implied.
 */
export function acceptsNoMore(before: Asked, after: Asked): boolean {
  if (after.access.level === "refused") return true;
  if (before.access.level === "refused") return false;
  const now = clausesOf(after.access, after.definition);
  const credentials = credentialsOf(after.access);
  return (
    clausesOf(before.access, before.definition).every((clause) => now.some((candidate) => implies(candidate, clause))) &&
    credentialsOf(before.access).every((credential) => credentials.some((candidate) => impliesCredential(candidate, credential)))
  );
}
