import { ENDPOINT_SECURITY_ERRORS } from "./endpoint-security/failure";
import type { HeaderList } from "./http/headers";
import { policyErrors } from "./policies/errors";

/**
 * Everything a gateway answers by itself: code, status and the one message a client sees. Policies bring their own. Nothing in this
 * table names a host.
 */
export const GATEWAY_ERRORS = {
  INVALID_REQUEST_TARGET: { status: 400, message: "The request target is not accepted" },
  INVALID_REQUEST: { status: 400, message: "The request is malformed" },
  ...policyErrors,
  ENVIRONMENT_NOT_AVAILABLE: { status: 403, message: "This API has no endpoint for the environment of the caller" },
  CORS_PREFLIGHT_FAILED: { status: 403, message: "This API does not allow the cross-origin request" },
  API_NOT_FOUND: { status: 404, message: "No API is deployed at this path" },
  PATH_NOT_FOUND: { status: 404, message: "Nothing is at this path" },
  METHOD_NOT_ALLOWED: { status: 405, message: "This method is not allowed" },
  REQUEST_TIMEOUT: { status: 408, message: "The request did not arrive in time" },
  TOO_MANY_UPLOADS: { status: 429, message: "Too many uploads of this client are still arriving" },
  HEADERS_TOO_LARGE: { status: 431, message: "The header fields of the request are too large or too many" },
  CALLER_GONE: { status: 499, message: "The caller went away" },
  GATEWAY_ERROR: { status: 500, message: "The gateway could not process the request" },
  METHOD_UNKNOWN: { status: 501, message: "This method is not known" },
  BACKEND_UNREACHABLE: { status: 502, message: "The backend cannot be reached" },
  BACKEND_INVALID_RESPONSE: { status: 502, message: "The backend answered with something that is not HTTP" },
  BACKEND_HEADERS_TOO_LARGE: { status: 502, message: "The header fields of the backend's response are too large or too many" },
  BACKEND_NOT_ALLOWED: { status: 502, message: "The gateway may not call this backend" },
  BACKEND_OVERLOADED: { status: 503, message: "The backend has too many calls at the moment" },
  API_UNAVAILABLE: { status: 503, message: "This API is not available at the moment" },
  BACKEND_TIMEOUT: { status: 504, message: "The backend did not answer in time" },
  ...ENDPOINT_SECURITY_ERRORS,
  LOOP_DETECTED: { status: 508, message: "The request passed this gateway too often" },
} as const satisfies Record<string, { status: number; message: string }>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

/** What a step, or the core, says when it answers instead of the backend. */
export interface Refusal {
  code: GatewayErrorCode;
  /** Replaces the table's message for the caller; it names no host and no secret. */
  message?: string;
  /** Why, for the log and the trace. It may name hosts, never a credential. */
  reason: string;
  /** Header names and values in turn, such as a challenge. */
  headers?: readonly string[];
}

/** Whether JSON is among what an `Accept` header takes (RFC 9110, section 12.5.1); absent means yes. */
export function acceptsJson(accept: string | null): boolean {
  if (accept === null || accept.trim() === "") return true;
  let best = { specificity: -1, accepted: false };
  for (const range of accept.toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const specificity = ["*/*", "application/*", "application/json"].indexOf(type);
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    const accepted = quality === undefined || Number.parseFloat(quality.slice(2)) > 0;
    if (specificity > best.specificity || (specificity === best.specificity && specificity >= 0 && accepted))
      best = { specificity, accepted };
  }
  return best.accepted;
}

/** The status, headers and body of an answer that the gateway gives by itself. */
export function renderRefusal(refusal: Refusal, accept: string | null): { status: number; headers: HeaderList; body: Buffer } {
  const { status, message: standard } = GATEWAY_ERRORS[refusal.code];
  const message = refusal.message ?? standard;
  const json = acceptsJson(accept);
  const body = Buffer.from(json ? JSON.stringify({ message, http_status_code: status, error: refusal.code }) : message);
  return {
    status,
    headers: [
      "content-type",
      json ? "application/json" : "text/plain; charset=utf-8",
      "content-length",
      String(body.length),
      // What is refused now may be allowed with the next token or deployment.
      "cache-control",
      "no-store",
      ...(refusal.headers ?? []),
    ],
    body,
  };
}
