import type { WorkingCopy } from "@/components/draft/working-copy";
import type { Phase } from "@/lib/definition/registry";

/** The selected flow and step. Keys keep the selection when items move. */
export interface Selection {
  flowKey: string;
  step?: { phase: Phase; key: string } | undefined;
}

/** Parses `?flow=0&step=request.1`. Returns null if the flow doesn't exist. */
export function parseSelection(params: { get(name: string): string | null }, copy: WorkingCopy): Selection | null {
  const flow = copy.flows[Number(params.get("flow") ?? Number.NaN)];
  if (!flow) return null;
  const [, phase, index] = /^(request|response)\.(\d+)$/.exec(params.get("step") ?? "") ?? [];
  if (phase !== "request" && phase !== "response") return { flowKey: flow.key };
  const step = flow[phase][Number(index)];
  return step ? { flowKey: flow.key, step: { phase, key: step.key } } : { flowKey: flow.key };
}

/** Formats the selection as a query with indexes, to share as a link. */
export function writeSelection(selection: Selection | null, copy: WorkingCopy): string {
  const flowIndex = copy.flows.findIndex(({ key }) => key === selection?.flowKey);
  if (!selection || flowIndex < 0) return "";
  const { step } = selection;
  const stepIndex = step ? (copy.flows[flowIndex]?.[step.phase].findIndex(({ key }) => key === step.key) ?? -1) : -1;
  return step && stepIndex >= 0 ? `flow=${flowIndex}&step=${step.phase}.${stepIndex}` : `flow=${flowIndex}`;
}

/** Returns the selection, or its flow if the step was removed, or the first flow if that was removed. */
export function resolveSelection(selection: Selection | null, copy: WorkingCopy): Selection | null {
  const flow = copy.flows.find(({ key }) => key === selection?.flowKey);
  if (!flow) return copy.flows[0] ? { flowKey: copy.flows[0].key } : null;
  const step = selection?.step;
  return step && flow[step.phase].some(({ key }) => key === step.key) ? { flowKey: flow.key, step } : { flowKey: flow.key };
}
