import type { CompiledStep } from "../compile/contract";
import type { Refusal } from "../errors";
import type { BackendAnswer, TraceEntry } from "../exchange";
import type { RequestHandler, ResponseHandler, StepAnswer } from "../policies/contract";
import type { StepRun } from "../ports";
import type { Call } from "./call";

type Steps<Handler> = readonly CompiledStep<Handler>[];
type Result = Refusal | StepAnswer | undefined;
/** What the handlers of both phases are: those of requests take no answer, those of responses give none. */
type Handler = RequestHandler | ResponseHandler;

function trace(call: Call, step: CompiledStep<unknown>, outcome: TraceEntry["outcome"], reason: string, durationMs: number): void {
  const { phase, policy, name } = step;
  call.trace?.push({ phase, policy, name, outcome, reason, durationMs });
}

/** Says in the trace that the steps from `from` on did not run. */
export function traceSkipped(call: Call, steps: Steps<unknown>, from: number, reason: string): void {
  if (!call.trace) return;
  for (let index = from; index < steps.length; index += 1) {
    const step = steps[index];
    if (step) trace(call, step, "skipped", step.handler === null ? "The step is disabled." : reason, 0);
  }
}

/** Notes what a step did. Answers the moment at which it ended. */
function note(call: Call, step: CompiledStep<unknown>, outcome: StepRun["outcome"], reason: string, since: number): number {
  const now = performance.now();
  const durationMs = now - since;
  call.runs.push({ step, outcome, durationMs });
  if (outcome !== "ran") call.answeredBy = step.policy;
  if (call.trace) trace(call, step, outcome, reason, durationMs);
  return now;
}

function failed(call: Call, step: CompiledStep<unknown>, error: unknown, since: number): Refusal {
  const reason = `The step ${step.name} failed: ${error instanceof Error ? error.message : String(error)}`;
  note(call, step, "failed", reason, since);
  return { code: "GATEWAY_ERROR", reason };
}

/** What request steps are handed as the backend's answer: there is none yet, and they do not look at it. */
const NO_ANSWER: BackendAnswer = { status: 0, headers: [] };

/** Runs the request steps in order until one answers. A step that throws answers 500: nothing passes unchecked. */
export function runRequestSteps(steps: Steps<RequestHandler>, call: Call): Result | Promise<Result> {
  return runSteps(steps, call, NO_ANSWER, 0);
}

/** Runs the response steps in order. A step that throws turns the answer into a 500. */
export function runResponseSteps(
  steps: Steps<ResponseHandler>,
  call: Call,
  answer: BackendAnswer,
): Refusal | undefined | Promise<Refusal | undefined> {
  // Their handlers return nothing, so what comes of them is at most a failure.
  return runSteps(steps, call, answer, 0) as Refusal | undefined | Promise<Refusal | undefined>;
}

/** It waits only for steps that do: most know their answer at once, and a call that waits costs more than they do. */
function runSteps(steps: Steps<Handler>, call: Call, answer: BackendAnswer, from: number): Result | Promise<Result> {
  let since = performance.now();
  const stop = (index: number, refusal: Refusal | StepAnswer) => {
    traceSkipped(call, steps, index + 1, steps[index]?.phase === "request" ? "An earlier step answered." : "An earlier step failed.");
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
