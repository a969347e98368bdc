import type { Problem } from "./problems";
import type { DefinitionRegistry, Phase, StepFact } from "./registry";
import { policyOf } from "./requirements";
import type { Definition, Step } from "./schema";

type Registry = Pick<DefinitionRegistry, "policies">;

const WORDS: Readonly<Record<StepFact, string>> = {
  claims: "This step uses claims of the token, and no earlier step exposes them. Let the step that checks the token expose its claims.",
  identity: "This step uses what is known of the client, and no earlier step identifies it. Put a step before it that does.",
};

/**
 * The steps that look for something that no step before them leaves. Where several flows run for a request, an earlier flow may leave
 * it, so a step is named only when none does.
 */
export function missingFacts({ flows, flowSelection }: Definition, registry: Registry): Problem[] {
  const problems: Problem[] = [];
  const left = new Set<StepFact>();
  const run = (steps: readonly Step[], phase: Phase, flow: number) =>
    steps.forEach((step, index) => {
      const policy = step.enabled ? policyOf(registry, step.policy) : undefined;
      if (!policy) return;
      for (const fact of policy.reads(step.config))
        if (!left.has(fact)) problems.push({ path: `flows[${flow}].${phase}[${index}]`, message: WORDS[fact] });
      for (const fact of policy.writes(step.config)) left.add(fact);
    });
  const enabled = flows.flatMap((flow, index) => (flow.enabled ? [{ flow, index }] : []));
  if (flowSelection === "best") {
    for (const { flow, index } of enabled) {
      left.clear();
      run(flow.request, "request", index);
      run(flow.response, "response", index);
    }
    return problems;
  }
  for (const { flow, index } of enabled) run(flow.request, "request", index);
  for (const { flow, index } of enabled) run(flow.response, "response", index);
  return problems;
}
