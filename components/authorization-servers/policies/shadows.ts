import type { AccessPolicyView, AccessRuleView } from "@/lib/management/contract/authorization";

type Rule = Pick<AccessRuleView, "id" | "name" | "enabled" | "grantTypes" | "scopes">;
/** The parts of a policy that decide whether it's reachable. */
export type ReachablePolicy = Pick<AccessPolicyView, "id" | "name" | "enabled" | "applications"> & { rules: readonly Rule[] };

/** Returns whether `wide` allows everything that `narrow` allows; an empty list allows everything. */
const covers = (wide: readonly string[], narrow: readonly string[]) =>
  wide.length === 0 || (narrow.length > 0 && narrow.every((one) => wide.includes(one)));

const takesAll = (rule: Rule) => rule.enabled && rule.grantTypes.length === 0 && rule.scopes.length === 0;

/**
 * Finds policies and rules that are never reached because an earlier one always decides. Maps their ID to the earlier
 * one's name. Inactive ones are ignored.
 */
export function shadowsOf(policies: readonly ReachablePolicy[]): ReadonlyMap<string, string> {
  const shadows = new Map<string, string>();
  policies.forEach((policy, at) => {
    if (!policy.enabled) return;
    const before = policies
      .slice(0, at)
      .find((former) => former.enabled && covers(former.applications, policy.applications) && former.rules.some(takesAll));
    if (before) shadows.set(policy.id, before.name);
    policy.rules.forEach((rule, place) => {
      if (!rule.enabled) return;
      const first = policy.rules
        .slice(0, place)
        .find((former) => former.enabled && covers(former.grantTypes, rule.grantTypes) && covers(former.scopes, rule.scopes));
      if (first) shadows.set(rule.id, first.name);
    });
  });
  return shadows;
}
