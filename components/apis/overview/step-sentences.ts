import type { Flow, Step } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

const sentenceOf = (step: Step) => registry.policies.find((policy) => policy.id === step.policy)?.sentence(step.config) ?? step.policy;

/** Describes each enabled step of a flow in a sentence, request steps first. */
export function stepSentences(flow: Flow): string[] {
  return [...flow.request, ...flow.response].filter((step) => step.enabled).map(sentenceOf);
}
