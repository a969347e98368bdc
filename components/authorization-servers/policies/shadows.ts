import type { AccessPolicyView, AccessRuleView } from "@/lib/management/contract/authorization";

type Rule = Pick<AccessRuleView, "id" | "name" | "enabled" | "grantTypes" | "scopes">;
/** What of a policy says whether it is reached. */
export type ReachablePolicy = Pick<AccessPolicyView, "id" | "name" | "enabled" | "applications"> & { rules: readonly Rule[] };

/** Whether everything that `narrow` lets through, `wide` lets through too; an empty list lets everything through. */
const covers = (wide: readonly string[], narrow: readonly string[]) =>
  wide.length === 0 || (narrow.length > 0 && narrow.every((one) => wide.includes(one)));

const takesAll = (rule: Rule) => rule.enabled && rule.grantTypes.length === 0 && rule.scopes.length === 0;

/**
 * Which policies and rules are never reached, because one before them always decides: its name by the id of the one that
 * it hides. What is switched off hides nothing, and is not called hidden.
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
