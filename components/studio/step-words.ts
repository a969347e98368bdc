import { bareFlow, type FlowItem, type StepItem } from "@/components/draft/working-copy";
import type { Meaning } from "@/components/ui/state-mark";
import { flowTitle as titleOfFlow } from "@/lib/definition/diff";
import { flowPathProblem } from "@/lib/definition/paths";
import { flowProtection } from "@/lib/definition/protection";
import type { Phase } from "@/lib/definition/registry";
import { tokensRequired } from "@/lib/definition/requirements";
import { registry } from "@/lib/gateway/schemas";
import { policyOf } from "./policy-mark";

/** Returns a step's title. */
export const stepTitle = (step: StepItem): string => step.name || policyOf(step.policy)?.title || step.policy;

/** Describes a step in one sentence. */
export const stepSentence = (step: StepItem): string => policyOf(step.policy)?.sentence(step.config) ?? "Unknown policy.";

/** Returns a flow's title. */
export const flowTitle = (flow: FlowItem): string => titleOfFlow(bareFlow(flow));

/**
 * Returns whether a flow without a token check lets requests pass unchecked: with `best`, no other flow runs; without
 * any checking flow, none can.
 */
export function isOpenWithoutCheck(flows: readonly FlowItem[], flowSelection: "all" | "best"): boolean {
  return flowSelection === "best" || !flows.some((flow) => flow.enabled && flowProtection(bareFlow(flow), registry) !== "open");
}

const asksToken = (flow: FlowItem) => flow.request.some((step) => step.enabled && tokensRequired(step, registry).length > 0);

/** Returns a flow's protection in one word and color. */
export function flowState(flow: FlowItem, isOpenUnchecked: boolean): { meaning: Meaning; word: string } {
  if (!flow.enabled) return { meaning: "neutral", word: "Disabled" };
  if (flowPathProblem(flow.match.path) !== undefined) return { meaning: "failing", word: "Matches nothing" };
  const protection = flowProtection(bareFlow(flow), registry);
  if (protection === "scoped") return { meaning: "scoped", word: "Token with scopes" };
  if (protection === "guarded") return { meaning: "guarded", word: asksToken(flow) ? "Token needed" : "Credential needed" };
  return isOpenUnchecked ? { meaning: "open", word: "No token needed" } : { meaning: "neutral", word: "Checks no token" };
}

/** Returns the credential that a step alone requires. */
export function stepTone(step: StepItem): "neutral" | "guarded" | "scoped" {
  const protection = flowProtection({ request: [{ policy: step.policy, enabled: true, config: step.config }] }, registry);
  return protection === "open" ? "neutral" : protection;
}

export const phaseNames: Record<Phase, string> = { request: "Request", response: "Response" };
