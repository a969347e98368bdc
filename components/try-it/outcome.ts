import type { Meaning } from "@/components/ui/state-mark";
import { askedByDefault, policyOf } from "@/lib/definition/requirements";
import { errorWordsOf } from "@/lib/gateway/error-words";
import { registry } from "@/lib/gateway/schemas";
import type { TryResponse } from "@/lib/management/contract/apis";
import { statusWithPhrase } from "./response-words";

/** The meaning of a response: status and one sentence. */
export interface Outcome {
  meaning: Meaning;
  /** "401 Unauthorized" */
  status: string;
  sentence: string;
}

/** Returns the error code of a gateway response; null for a backend response. */
export function gatewayCodeOf(answer: TryResponse): string | null {
  if (answer.response.bodyEncoding !== "text" || answer.response.status < 400) return null;
  try {
    const body: unknown = JSON.parse(answer.response.body);
    if (typeof body !== "object" || body === null || !("error" in body) || !("http_status_code" in body)) return null;
    return body.http_status_code === answer.response.status && typeof body.error === "string" ? body.error : null;
  } catch {
    return null;
  }
}

/** Returns the credential that a step's policy requires; undefined if none. */
export const askedBy = (step: TryResponse["trace"][number]) => askedByDefault(policyOf(registry, step.policy));

/** Returns the step that responded or failed, if any. */
export const decidingStep = (answer: TryResponse) =>
  answer.trace.find((step) => step.outcome === "answered" || step.outcome === "failed") ?? null;

/** Returns whether the request reached the backend and the backend responded. */
export function backendState(answer: TryResponse): "answered" | "failed" | "not-called" {
  if (answer.trace.some((step) => step.phase === "request" && (step.outcome === "answered" || step.outcome === "failed")))
    return "not-called";
  if (answer.deployment === null) return "not-called";
  if (answer.trace.some((step) => step.phase === "response" && step.outcome === "failed")) return "answered";
  const code = gatewayCodeOf(answer);
  return (code === null ? undefined : errorWordsOf(code)?.backend) ?? "answered";
}

/** Explains a response. Its color shows the protection of the request, or that it failed. */
export function outcomeOf(answer: TryResponse): Outcome {
  const status = statusWithPhrase(answer.response.status);
  const code = gatewayCodeOf(answer);
  const decided = decidingStep(answer);
  if (decided || backendState(answer) !== "answered") {
    const known = code === null ? undefined : errorWordsOf(code)?.sentence;
    return {
      meaning: "failing",
      status,
      sentence: known ?? (decided ? `${decided.name} responded.` : "The gateway responded without calling the backend."),
    };
  }
  const asked = answer.trace.flatMap((step) => (step.phase === "request" && step.outcome === "ran" ? (askedBy(step) ?? []) : []));
  const isGuarded = asked.length > 0;
  const accepted = asked.includes("token") ? "the token was accepted" : "the credential was accepted";
  const way = isGuarded ? accepted : "no step requires a token";
  if (answer.response.status >= 400) return { meaning: "failing", status, sentence: `The backend returned this error; ${way}.` };
  return { meaning: isGuarded ? "guarded" : "open", status, sentence: `The backend responded; ${way}.` };
}
