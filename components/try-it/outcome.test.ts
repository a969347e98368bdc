import { describe, expect, it } from "vitest";
import { GATEWAY_ERRORS } from "@/lib/gateway/errors";
import type { TryResponse } from "@/lib/management/contract/apis";
import { backendState, gatewayCodeOf, outcomeOf } from "./outcome";

type Step = TryResponse["trace"][number];
const step = (changes: Partial<Step>): Step => ({
  phase: "request",
  policy: "oauth2",
  name: "Require a token",
  outcome: "ran",
  reason: "",
  durationMs: 1,
  ...changes,
});
const answer = (status: number, body: string, trace: Step[], deployment: number | null = 1): TryResponse => ({
  response: { status, headers: [], body, bodyEncoding: "text", truncated: false, durationMs: 3 },
  deployment,
  flow: null,
  trace,
});
const refusal = (status: number, error: string) => JSON.stringify({ message: "…", http_status_code: status, error });

describe("what an answer means", () => {
  it("is open when no step requires a token, however good it looks", () => {
    expect(outcomeOf(answer(200, "{}", []))).toEqual({
      meaning: "open",
      status: "200 OK",
      sentence: "The backend responded; no step requires a token.",
    });
    expect(outcomeOf(answer(200, "{}", [step({ outcome: "skipped" })])).meaning).toBe("open");
    expect(outcomeOf(answer(200, "{}", [step({ policy: "transform-headers" })])).meaning).toBe("open");
  });

  it("is guarded when a step accepted the token", () => {
    expect(outcomeOf(answer(200, "{}", [step({})]))).toMatchObject({
      meaning: "guarded",
      sentence: "The backend responded; the token was accepted.",
    });
  });

  it("says why the gateway refused", () => {
    const refused = answer(401, refusal(401, "OAUTH2_MISSING_HEADER"), [step({ outcome: "answered" })]);
    expect(outcomeOf(refused)).toEqual({
      meaning: "failing",
      status: "401 Unauthorized",
      sentence: "The request has no access token.",
    });
    expect(backendState(refused)).toBe("not-called");
  });

  it("tells the backend's 404 from the gateway's", () => {
    expect(outcomeOf(answer(404, "not here", [])).sentence).toBe("The backend returned this error; no step requires a token.");
    const unknown = answer(404, refusal(404, "API_NOT_FOUND"), [], null);
    expect(outcomeOf(unknown).sentence).toBe("No API is deployed at this path.");
    expect(backendState(unknown)).toBe("not-called");
  });

  it("tells a backend that failed from one that was not called", () => {
    expect(backendState(answer(502, refusal(502, "BACKEND_UNREACHABLE"), [step({})]))).toBe("failed");
    expect(backendState(answer(403, refusal(403, "ENVIRONMENT_NOT_AVAILABLE"), [step({})]))).toBe("not-called");
    expect(backendState(answer(500, refusal(500, "GATEWAY_ERROR"), [step({ phase: "response", outcome: "failed" })]))).toBe("answered");
  });

  it.each([
    ["BACKEND_NOT_ALLOWED", 502, "The gateway's outbound rules block the backend's address."],
    ["BACKEND_OVERLOADED", 503, "The backend has as many requests as its endpoint allows, and as many are waiting."],
    ["LOOP_DETECTED", 508, "Request loop detected: the backend's URL leads back to this gateway."],
    ["BACKEND_AUTHORIZATION_UNREACHABLE", 502, "The backend requires a token, and its token endpoint is unreachable."],
  ])("says of %s that the gateway answered, not the backend", (code, status, sentence) => {
    const refused = answer(status, refusal(status, code), [step({})]);
    expect(outcomeOf(refused)).toMatchObject({ meaning: "failing", sentence });
    expect(backendState(refused)).toBe("not-called");
  });

  it.each(Object.keys(GATEWAY_ERRORS))("has words for %s", (code) => {
    const { status } = GATEWAY_ERRORS[code as keyof typeof GATEWAY_ERRORS];
    const said = answer(status, refusal(status, code), [step({})]);
    expect(outcomeOf(said).sentence).not.toMatch(/token was accepted|answered by itself/);
  });

  it("names the step when the answer is not JSON", () => {
    expect(outcomeOf(answer(401, "No OAuth authorization header was supplied", [step({ outcome: "answered" })])).sentence).toBe(
      "Require a token responded.",
    );
  });

  it("does not take a backend's error body for the gateway's", () => {
    expect(gatewayCodeOf(answer(500, JSON.stringify({ error: "E1" }), []))).toBeNull();
    expect(gatewayCodeOf(answer(500, refusal(400, "E1"), []))).toBeNull();
    expect(backendState(answer(500, refusal(500, "OUR_OWN_CODE"), []))).toBe("answered");
  });
});
