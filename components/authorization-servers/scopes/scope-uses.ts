import type { AccessPolicyView, ApplicationView, ClaimView } from "@/lib/management/contract/authorization";

/** The parts of an authorization server that can refer to scopes. */
export interface ScopeUsers {
  applications: readonly Pick<ApplicationView, "scopes">[];
  policies: readonly Pick<AccessPolicyView, "rules">[];
  claims: readonly Pick<ClaimView, "scopes">[];
}

const amount = (number: number, noun: string) => (number === 0 ? [] : [`${number} ${noun}${number === 1 ? "" : "s"}`]);

/** Counts the applications, rules, and claims that use each scope, in words. Omits unused scopes. */
export function scopeUses({ applications, policies, claims }: ScopeUsers): ReadonlyMap<string, string> {
  const rules = policies.flatMap((policy) => policy.rules);
  const names = new Set([...applications, ...rules, ...claims].flatMap(({ scopes }) => scopes));
  const naming = (holders: readonly { scopes: readonly string[] }[], scope: string) =>
    holders.filter(({ scopes }) => scopes.includes(scope)).length;
  return new Map(
    [...names].map((scope) => [
      scope,
      [
        ...amount(naming(applications, scope), "application"),
        ...amount(naming(rules, scope), "rule"),
        ...amount(naming(claims, scope), "claim"),
      ].join(", "),
    ]),
  );
}
