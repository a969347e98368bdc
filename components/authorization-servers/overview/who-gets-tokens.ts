import type { AccessPolicyView } from "@/lib/management/contract/authorization";

/** Which applications get tokens under the access policies: all by one policy, some, or none. */
export type WhoGetsTokens = { kind: "everyone"; policy: string } | { kind: "some"; policies: number } | { kind: "nobody" };

/** Summarizes the access policies. An inactive policy, or one without an active rule, grants nothing. */
export function whoGetsTokens(policies: readonly Pick<AccessPolicyView, "name" | "enabled" | "applications" | "rules">[]): WhoGetsTokens {
  const working = policies.filter((policy) => policy.enabled && policy.rules.some((rule) => rule.enabled));
  const open = working.find((policy) => policy.applications.length === 0);
  if (open) return { kind: "everyone", policy: open.name };
  return working.length > 0 ? { kind: "some", policies: working.length } : { kind: "nobody" };
}
