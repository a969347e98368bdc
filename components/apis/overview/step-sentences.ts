import type { Flow, Step } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

const sentenceOf = (step: Step) => registry.policies.find((policy) => policy.id === step.policy)?.sentence(step.config) ?? step.policy;

/** What the enabled steps of a flow do, a sentence each: the request's first, then the response's. */
export function stepSentences(flow: Flow): string[] {
  return [...flow.request, ...flow.response].filter((step) => step.enabled).map(sentenceOf);
}
