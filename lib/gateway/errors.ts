import { ENDPOINT_SECURITY_ERRORS } from "./endpoint-security/failure";
import type { HeaderList } from "./http/headers";
import { policyErrors } from "./policies/errors";

/**
 * The gateway's error responses: code, status, and message for the client. Policies add their own. Messages name no hosts.
 */
export const GATEWAY_ERRORS = {
  INVALID_REQUEST_TARGET: { status: 400, message: "The request target is invalid" },
  INVALID_REQUEST: { status: 400, message: "The request is malformed" },
  ...policyErrors,
  ENVIRONMENT_NOT_AVAILABLE: { status: 403, message: "This API has no endpoint for the client's environment" },
  CORS_PREFLIGHT_FAILED: { status: 403, message: "This API doesn't allow the cross-origin request" },
  API_NOT_FOUND: { status: 404, message: "No API is deployed at this path" },
  PATH_NOT_FOUND: { status: 404, message: "Nothing is at this path" },
  METHOD_NOT_ALLOWED: { status: 405, message: "This method is not allowed" },
  REQUEST_TIMEOUT: { status: 408, message: "The request timed out" },
  TOO_MANY_UPLOADS: { status: 429, message: "Too many uploads of this client are still arriving" },
  HEADERS_TOO_LARGE: { status: 431, message: "The request headers are too large or too many" },
  CALLER_GONE: { status: 499, message: "The client disconnected" },
  GATEWAY_ERROR: { status: 500, message: "Internal gateway error" },
  METHOD_UNKNOWN: { status: 501, message: "This method is not supported" },
  BACKEND_UNREACHABLE: { status: 502, message: "The backend is unreachable" },
  BACKEND_INVALID_RESPONSE: { status: 502, message: "The backend returned an invalid HTTP response" },
  BACKEND_HEADERS_TOO_LARGE: { status: 502, message: "The backend's response headers are too large or too many" },
  BACKEND_NOT_ALLOWED: { status: 502, message: "The outbound rules block this backend" },
  BACKEND_OVERLOADED: { status: 503, message: "The backend is overloaded" },
  API_UNAVAILABLE: { status: 503, message: "This API is unavailable" },
  BACKEND_TIMEOUT: { status: 504, message: "The backend timed out" },
  ...ENDPOINT_SECURITY_ERRORS,
  LOOP_DETECTED: { status: 508, message: "Request loop detected" },
} as const satisfies Record<string, { status: number; message: string }>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

/** An error response of a step or the gateway, returned instead of the backend's. */
export interface Refusal {
  code: GatewayErrorCode;
  /** Replaces the table's message for the client; no hosts or secrets. */
  message?: string;
  /** Reason for the log and the trace. It can name hosts, never credentials. */
  reason: string;
  /** Header names and values in turn, such as a challenge. */
  headers?: readonly string[];
}

/** Whether an `Accept` header accepts JSON (RFC 9110, 12.5.1); true if absent. */
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

/** Makes the status, headers, and body of an error response. */
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
      // The next token or deployment may change the result.
      "cache-control",
      "no-store",
      ...(refusal.headers ?? []),
    ],
    body,
  };
}
