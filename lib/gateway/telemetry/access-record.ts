import type { Refusal } from "../errors";
import type { Call } from "../pipeline/call";
import type { AccessRecord } from "../ports";
import type { Cut } from "../upstream/backend-call";

/**
 * W3C Trace Context, 3.2: version, trace ID, parent ID, flags. All-zero IDs and version ff are invalid; only versions after 00 can
 * have more fields.
 */
const TRACEPARENT = /^(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** Rounds to microseconds, the clock's precision. */
const rounded = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;

/** Makes the access log record of a request, without empty fields. */
export function accessRecord(call: Call, status: number, refusal: Refusal | null, cut: Cut): AccessRecord {
  const { request, served, caller } = call;
  let policiesMs = 0;
  for (const run of call.runs) policiesMs += run.durationMs;
  return {
    requestId: call.requestId,
    method: request.method,
    path: call.target?.path ?? request.target.split("?", 1)[0] ?? "",
    status,
    apiId: served?.apiId,
    deploymentNumber: served?.api?.deploymentNumber,
    flow: call.flow ?? undefined,
    answeredBy: call.answeredBy ?? undefined,
    code: refusal?.code,
    reason:
      refusal?.reason ??
      call.ended?.reason ??
      (call.cookiesLeftOut > 0 ? `${call.cookiesLeftOut} cookies of the backend were left out.` : undefined),
    clientId: call.identity?.clientId ?? undefined,
    traceId: caller.traceparent === null ? undefined : TRACEPARENT.exec(caller.traceparent)?.[1],
    durationMs: rounded(performance.now() - call.startedAt),
    policiesMs: rounded(policiesMs),
    credentialsMs: call.credentialsMs === null ? undefined : rounded(call.credentialsMs),
    backendMs: call.backendMs === null ? undefined : rounded(call.backendMs),
    cut: cut !== null && call.ended ? "gateway" : (cut ?? undefined),
  };
}
