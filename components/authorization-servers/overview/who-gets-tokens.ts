import type { AccessPolicyView } from "@/lib/management/contract/authorization";

/** Who gets tokens of a server, as its access policies say it: everybody by one policy, some, or nobody. */
export type WhoGetsTokens = { kind: "everyone"; policy: string } | { kind: "some"; policies: number } | { kind: "nobody" };

/** Reads the access policies as a newcomer needs them. A policy that is switched off, or has no rule that counts, lets nobody in. */
export function whoGetsTokens(policies: readonly Pick<AccessPolicyView, "name" | "enabled" | "applications" | "rules">[]): WhoGetsTokens {
  const working = policies.filter((policy) => policy.enabled && policy.rules.some((rule) => rule.enabled));
  const open = working.find((policy) => policy.applications.length === 0);
  if (open) return { kind: "everyone", policy: open.name };
  return working.length > 0 ? { kind: "some", policies: working.length } : { kind: "nobody" };
}
