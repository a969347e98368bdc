import { canonicalJson } from "@/lib/definition/canonical";
import type { Definition, Resource } from "@/lib/definition/schema";
import type { CallAccess } from "./access";

/** Fields of resources that say how a server is asked, or what is read of an accepted token, and nothing about which ones it accepts. */
const NEUTRAL: ReadonlySet<string> = new Set([
  "timeoutMs",
  "caCertificates",
  "cacheTtlSeconds",
  "clientId",
  "clientSecret",
  "clientAuthentication",
  "clientAuthenticationHeader",
  "clientAuthenticationScheme",
  "basicEncoding",
  "method",
  "tokenLocation",
  "tokenName",
  "version",
  "userClaim",
  "clientClaim",
  "environmentClaim",
  "sandboxValue",
]);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isWithin = (inner: unknown, outer: unknown) => listOf(inner).every((item) => listOf(outer).includes(item));

/** Fields in which some values accept less than others: whether the second value accepts nothing that the first does not. */
const NARROWER: Readonly<Record<string, (before: unknown, after: unknown) => boolean>> = {
  // Without audiences every one is accepted.
  audiences: (before, after) => listOf(before).length === 0 || (listOf(after).length > 0 && isWithin(after, before)),
  // Introspection without an issuer accepts what the server does.
  issuer: (before) => before === undefined || before === "",
  algorithms: (before, after) => isWithin(after, before),
  requireTyp: (before, after) => before !== true || after === true,
  clockSkewSeconds: (before, after) => Number(after) <= Number(before),
};

/** The fields in which a resource accepts other tokens than another one, or more of them. What is not known here counts. */
export function looserFields(before: Resource, after: Resource): string[] {
  const fields = new Set([...Object.keys(before.config), ...Object.keys(after.config)]);
  return [...fields].filter((field) => {
    const [old, now] = [before.config[field], after.config[field]];
    if (NEUTRAL.has(field) || canonicalJson(old ?? null) === canonicalJson(now ?? null)) return false;
    return !NARROWER[field]?.(old, now);
  });
}

/** One condition on a token: that a resource accepts it, and that it has one of some scopes where any are named. */
interface Clause {
  resource: Resource | undefined;
  scopes: readonly string[] | null;
}

function clausesOf({ requirements }: CallAccess, { resources }: Definition): Clause[] {
  return requirements.flatMap(({ resource: name, scopes, scopeMode }) => {
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

/** What a definition asks of a call. */
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
  return clausesOf(before.access, before.definition).every((clause) => now.some((candidate) => implies(candidate, clause)));
}
