import type { CompiledFlow, CompiledStep } from "./compile-api";
import type { Refusal } from "./errors";
import type { BackendAnswer, CallNotes, Exchange, TraceEntry } from "./exchange";

/** An exchange that keeps what the step that runs says about itself. */
export interface StepCall extends Exchange {
  explanation: string;
}

function traceEntry(
  phase: TraceEntry["phase"],
  step: CompiledStep<unknown>,
  outcome: TraceEntry["outcome"],
  reason: string,
  since: number,
): TraceEntry {
  return { phase, policy: step.policy, name: step.name, outcome, reason, durationMs: since === 0 ? 0 : performance.now() - since };
}

/** Runs the request steps in order until one answers. A step that throws answers 500: nothing passes unchecked. */
export async function runRequestSteps(
  flows: readonly CompiledFlow[],
  call: StepCall,
  trace: TraceEntry[] | undefined,
  notes: CallNotes,
): Promise<Refusal | undefined> {
  let refusal: Refusal | undefined;
  for (const flow of flows) {
    for (const step of flow.request) {
      if (refusal !== undefined || step.handler === null) {
        trace?.push(
          traceEntry("request", step, "skipped", step.handler === null ? "The step is disabled." : "An earlier step answered.", 0),
        );
        continue;
      }
      const since = trace ? performance.now() : 0;
      call.explanation = "";
      try {
        const result = step.handler(call);
        refusal = result instanceof Promise ? await result : result;
        trace?.push(traceEntry("request", step, refusal ? "answered" : "ran", refusal?.reason ?? call.explanation, since));
      } catch (error) {
        refusal = {
          code: "GATEWAY_ERROR",
          reason: `The step ${step.name} failed: ${error instanceof Error ? error.message : String(error)}`,
        };
        trace?.push(traceEntry("request", step, "failed", refusal.reason, since));
      }
      if (refusal !== undefined) notes.answeredBy = step.policy;
    }
  }
  return refusal;
}

/** Runs the response steps in order. A step that throws turns the answer into a 500. */
export async function runResponseSteps(
  flows: readonly CompiledFlow[],
  call: StepCall,
  answer: BackendAnswer,
  trace: TraceEntry[] | undefined,
  notes: CallNotes,
): Promise<Refusal | undefined> {
  let refusal: Refusal | undefined;
  for (const flow of flows) {
    for (const step of flow.response) {
      if (refusal !== undefined || step.handler === null) {
        trace?.push(
          traceEntry("response", step, "skipped", step.handler === null ? "The step is disabled." : "An earlier step failed.", 0),
        );
        continue;
      }
      const since = trace ? performance.now() : 0;
      call.explanation = "";
      try {
        const result = step.handler(call, answer);
        if (result instanceof Promise) await result;
        trace?.push(traceEntry("response", step, "ran", call.explanation, since));
      } catch (error) {
        refusal = {
          code: "GATEWAY_ERROR",
          reason: `The step ${step.name} failed: ${error instanceof Error ? error.message : String(error)}`,
        };
        notes.answeredBy = step.policy;
        trace?.push(traceEntry("response", step, "failed", refusal.reason, since));
      }
    }
  }
  return refusal;
}

/** Says in the trace that the response steps did not run. */
export function skipResponseSteps(flows: readonly CompiledFlow[], trace: TraceEntry[] | undefined): void {
  if (!trace) return;
  for (const flow of flows) {
    for (const step of flow.response) trace.push(traceEntry("response", step, "skipped", "The backend was not called.", 0));
  }
}
