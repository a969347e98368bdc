import type { CompiledStep } from "../compile/contract";
import type { Refusal } from "../errors";
import type { BackendAnswer, TraceEntry } from "../exchange";
import type { RequestHandler, ResponseHandler, StepAnswer } from "../policies/contract";
import type { StepRun } from "../ports";
import type { Call } from "./call";

type Steps<Handler> = readonly CompiledStep<Handler>[];
type Result = Refusal | StepAnswer | undefined;
/** A handler of either phase. Request handlers ignore the response; response handlers return nothing. */
type Handler = RequestHandler | ResponseHandler;

function trace(call: Call, step: CompiledStep<unknown>, outcome: TraceEntry["outcome"], reason: string, durationMs: number): void {
  const { phase, policy, name } = step;
  call.trace?.push({ phase, policy, name, outcome, reason, durationMs });
}

/** Traces the steps from `from` on as skipped. */
export function traceSkipped(call: Call, steps: Steps<unknown>, from: number, reason: string): void {
  if (!call.trace) return;
  for (let index = from; index < steps.length; index += 1) {
    const step = steps[index];
    if (step) trace(call, step, "skipped", step.handler === null ? "The step is disabled." : reason, 0);
  }
}

/** Traces a step. Returns its end time. */
function note(call: Call, step: CompiledStep<unknown>, outcome: StepRun["outcome"], reason: string, since: number): number {
  const now = performance.now();
  const durationMs = now - since;
  call.runs.push({ step, outcome, durationMs });
  if (outcome !== "ran") call.answeredBy = step.policy;
  if (call.trace) trace(call, step, outcome, reason, durationMs);
  return now;
}

function failed(call: Call, step: CompiledStep<unknown>, error: unknown, since: number): Refusal {
  const reason = `Step ${step.name} failed: ${error instanceof Error ? error.message : String(error)}`;
  note(call, step, "failed", reason, since);
  return { code: "GATEWAY_ERROR", reason };
}

/** Placeholder response for request handlers, which ignore it. */
const NO_ANSWER: BackendAnswer = { status: 0, headers: [] };

/** Runs request steps in order until one returns a response. A throwing step results in a 500 (fail closed). */
export function runRequestSteps(steps: Steps<RequestHandler>, call: Call): Result | Promise<Result> {
  return runSteps(steps, call, NO_ANSWER, 0);
}

/** Runs response steps in order. A throwing step results in a 500. */
export function runResponseSteps(
  steps: Steps<ResponseHandler>,
  call: Call,
  answer: BackendAnswer,
): Refusal | undefined | Promise<Refusal | undefined> {
  // Response handlers return nothing, so a result is always an error.
  return runSteps(steps, call, answer, 0) as Refusal | undefined | Promise<Refusal | undefined>;
}

/** Awaits only asynchronous steps: an unneeded await costs more than most steps. */
function runSteps(steps: Steps<Handler>, call: Call, answer: BackendAnswer, from: number): Result | Promise<Result> {
  let since = performance.now();
  const stop = (index: number, refusal: Refusal | StepAnswer) => {
    traceSkipped(call, steps, index + 1, steps[index]?.phase === "request" ? "An earlier step responded." : "An earlier step failed.");
    return refusal;
  };
  for (let index = from; index < steps.length; index += 1) {
    const step = steps[index];
    if (!step) continue;
    if (step.handler === null) {
      traceSkipped(call, [step], 0, "");
      continue;
    }
    call.explanation = "";
    try {
      const result = step.handler(call, answer);
      if (result instanceof Promise) {
        return result.then(
          (refusal) => {
            note(call, step, refusal ? "answered" : "ran", refusal?.reason ?? call.explanation, since);
            return refusal ? stop(index, refusal) : runSteps(steps, call, answer, index + 1);
          },
          (error: unknown) => stop(index, failed(call, step, error, since)),
        );
      }
      since = note(call, step, result ? "answered" : "ran", result?.reason ?? call.explanation, since);
      if (result) return stop(index, result);
    } catch (error) {
      return stop(index, failed(call, step, error, since));
    }
  }
  return undefined;
}
