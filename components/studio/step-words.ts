import { bareFlow, type FlowItem, type StepItem } from "@/components/draft/working-copy";
import type { Meaning } from "@/components/ui/state-mark";
import { flowTitle as titleOfFlow } from "@/lib/definition/diff";
import { flowPathProblem } from "@/lib/definition/paths";
import { flowProtection } from "@/lib/definition/protection";
import type { Phase } from "@/lib/definition/registry";
import { tokensRequired } from "@/lib/definition/requirements";
import { registry } from "@/lib/gateway/schemas";
import { policyOf } from "./policy-mark";

/** The name that people know a step by. */
export const stepTitle = (step: StepItem): string => step.name || policyOf(step.policy)?.title || step.policy;

/** What a step does, in a sentence. */
export const stepSentence = (step: StepItem): string =>
  policyOf(step.policy)?.sentence(step.config) ?? "This build does not know the policy.";

/** The name that people know a flow by. */
export const flowTitle = (flow: FlowItem): string => titleOfFlow(bareFlow(flow));

/**
 * Whether a flow that checks no token lets calls through unchecked: with `best` no other flow runs for its calls,
 * and where no flow checks any token none can.
 */
export function isOpenWithoutCheck(flows: readonly FlowItem[], flowSelection: "all" | "best"): boolean {
  return flowSelection === "best" || !flows.some((flow) => flow.enabled && flowProtection(bareFlow(flow), registry) !== "open");
}

const asksToken = (flow: FlowItem) => flow.request.some((step) => step.enabled && tokensRequired(step, registry).length > 0);

/** What a flow means for those who call it, in one word and colour. */
export function flowState(flow: FlowItem, isOpenUnchecked: boolean): { meaning: Meaning; word: string } {
  if (!flow.enabled) return { meaning: "neutral", word: "Disabled" };
  if (flowPathProblem(flow.match.path) !== undefined) return { meaning: "failing", word: "Matches nothing" };
  const protection = flowProtection(bareFlow(flow), registry);
  if (protection === "scoped") return { meaning: "scoped", word: "Token with scopes" };
  if (protection === "guarded") return { meaning: "guarded", word: asksToken(flow) ? "Token needed" : "Credential needed" };
  return isOpenUnchecked ? { meaning: "open", word: "No token needed" } : { meaning: "neutral", word: "Checks no token" };
}

/** What a step alone asks of the caller. */
export function stepTone(step: StepItem): "neutral" | "guarded" | "scoped" {
  const protection = flowProtection({ request: [{ policy: step.policy, enabled: true, config: step.config }] }, registry);
  return protection === "open" ? "neutral" : protection;
}

export const phaseNames: Record<Phase, string> = { request: "Request", response: "Response" };
