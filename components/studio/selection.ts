import type { WorkingCopy } from "@/components/draft/working-copy";
import type { Phase } from "@/lib/definition/registry";

/** What the studio shows: a flow, and perhaps one of its steps. By keys, so that it stays with what moves. */
export interface Selection {
  flowKey: string;
  step?: { phase: Phase; key: string } | undefined;
}

/** Reads `?flow=0&step=request.1`. Null when it names nothing that is there. */
export function parseSelection(params: { get(name: string): string | null }, copy: WorkingCopy): Selection | null {
  const flow = copy.flows[Number(params.get("flow") ?? Number.NaN)];
  if (!flow) return null;
  const [, phase, index] = /^(request|response)\.(\d+)$/.exec(params.get("step") ?? "") ?? [];
  if (phase !== "request" && phase !== "response") return { flowKey: flow.key };
  const step = flow[phase][Number(index)];
  return step ? { flowKey: flow.key, step: { phase, key: step.key } } : { flowKey: flow.key };
}

/** The selection as a query, with places instead of keys, so that a link shows the same to others. */
export function writeSelection(selection: Selection | null, copy: WorkingCopy): string {
  const flowIndex = copy.flows.findIndex(({ key }) => key === selection?.flowKey);
  if (!selection || flowIndex < 0) return "";
  const { step } = selection;
  const stepIndex = step ? (copy.flows[flowIndex]?.[step.phase].findIndex(({ key }) => key === step.key) ?? -1) : -1;
  return step && stepIndex >= 0 ? `flow=${flowIndex}&step=${step.phase}.${stepIndex}` : `flow=${flowIndex}`;
}

/** The selection as far as it still exists: a step that is gone leaves its flow, a flow that is gone the first one. */
export function resolveSelection(selection: Selection | null, copy: WorkingCopy): Selection | null {
  const flow = copy.flows.find(({ key }) => key === selection?.flowKey);
  if (!flow) return copy.flows[0] ? { flowKey: copy.flows[0].key } : null;
  const step = selection?.step;
  return step && flow[step.phase].some(({ key }) => key === step.key) ? { flowKey: flow.key, step } : { flowKey: flow.key };
}
