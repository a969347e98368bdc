import type { Meaning } from "@/components/ui/state-mark";
import { askedByDefault, policyOf } from "@/lib/definition/requirements";
import { errorWordsOf } from "@/lib/gateway/error-words";
import { registry } from "@/lib/gateway/schemas";
import type { TryAnswer } from "@/lib/management/contract/apis";
import { statusWithPhrase } from "./answer-words";

/** What an answer means, in a few words and one sentence. */
export interface Outcome {
  meaning: Meaning;
  /** "401 Unauthorized" */
  status: string;
  sentence: string;
}

/** The code of an answer that a gateway gives by itself; null when the backend answered. */
export function gatewayCodeOf(answer: TryAnswer): string | null {
  if (answer.response.bodyEncoding !== "text" || answer.response.status < 400) return null;
  try {
    const body: unknown = JSON.parse(answer.response.body);
    if (typeof body !== "object" || body === null || !("error" in body) || !("http_status_code" in body)) return null;
    return body.http_status_code === answer.response.status && typeof body.error === "string" ? body.error : null;
  } catch {
    return null;
  }
}

/** What a step asks of callers, as its policy says it; undefined when it asks nothing. */
export const askedBy = (step: TryAnswer["trace"][number]) => askedByDefault(policyOf(registry, step.policy));

/** The step that answered or failed, when one did. */
export const decidingStep = (answer: TryAnswer) =>
  answer.trace.find((step) => step.outcome === "answered" || step.outcome === "failed") ?? null;

/** Whether the call got as far as the backend, and whether that answered. */
export function backendState(answer: TryAnswer): "answered" | "failed" | "not-called" {
  if (answer.trace.some((step) => step.phase === "request" && (step.outcome === "answered" || step.outcome === "failed")))
    return "not-called";
  if (answer.deployment === null) return "not-called";
  if (answer.trace.some((step) => step.phase === "response" && step.outcome === "failed")) return "answered";
  const code = gatewayCodeOf(answer);
  return (code === null ? undefined : errorWordsOf(code)?.backend) ?? "answered";
}

/** Says what an answer means. Its colour says how the way to the backend was guarded, or that the call failed. */
export function outcomeOf(answer: TryAnswer): Outcome {
  const status = statusWithPhrase(answer.response.status);
  const code = gatewayCodeOf(answer);
  const decided = decidingStep(answer);
  if (decided || backendState(answer) !== "answered") {
    const known = code === null ? undefined : errorWordsOf(code)?.sentence;
    return { meaning: "failing", status, sentence: known ?? (decided ? `${decided.name} answered.` : "The gateway answered by itself.") };
  }
  const asked = answer.trace.flatMap((step) => (step.phase === "request" && step.outcome === "ran" ? (askedBy(step) ?? []) : []));
  const isGuarded = asked.length > 0;
  const accepted = asked.includes("token") ? "the token was accepted" : "the credential was accepted";
  const way = isGuarded ? accepted : "no step asked for a token";
  if (answer.response.status >= 400) return { meaning: "failing", status, sentence: `The backend answered so; ${way}.` };
  return { meaning: isGuarded ? "guarded" : "open", status, sentence: `The backend answered; ${way}.` };
}
