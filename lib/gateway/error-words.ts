import type { GatewayErrorCode } from "./errors";
import { policyErrors } from "./policies/errors";

/** Explanation of an error code in Try it. Safe for the browser. */
export interface ErrorWords {
  sentence: string;
  /** Whether the backend was called. `failed`: it was called and returned no usable response. */
  backend: "not-called" | "failed";
}

type PolicyCode = keyof typeof policyErrors;

const notCalled = (sentence: string): ErrorWords => ({ sentence, backend: "not-called" });
const failed = (sentence: string): ErrorWords => ({ sentence, backend: "failed" });

const CORE = {
  INVALID_REQUEST_TARGET: notCalled("The gateway rejects this path before matching flows."),
  INVALID_REQUEST: notCalled("The request is malformed."),
  ENVIRONMENT_NOT_AVAILABLE: notCalled("The API has no endpoint for the token's environment."),
  CORS_PREFLIGHT_FAILED: notCalled("The API's CORS settings don't allow this request."),
  API_NOT_FOUND: notCalled("No API is deployed at this path."),
  PATH_NOT_FOUND: notCalled("The path differs from a flow's path only in case."),
  METHOD_NOT_ALLOWED: notCalled("The gateway doesn't forward this method."),
  REQUEST_TIMEOUT: notCalled("The request body didn't arrive in time."),
  TOO_MANY_UPLOADS: notCalled("Too many uploads of this client are still arriving."),
  HEADERS_TOO_LARGE: notCalled("The request headers are too large or too many."),
  CALLER_GONE: notCalled("The client disconnected before there was a response."),
  GATEWAY_ERROR: notCalled("Internal gateway error. Search the gateway's log for the request ID."),
  METHOD_UNKNOWN: notCalled("The gateway doesn't support this method."),
  BACKEND_UNREACHABLE: failed("The backend is unreachable."),
  BACKEND_INVALID_RESPONSE: failed("The backend returned an invalid HTTP response."),
  BACKEND_HEADERS_TOO_LARGE: failed("The backend's response headers are too large or too many."),
  BACKEND_NOT_ALLOWED: notCalled("The gateway's outbound rules block the backend's address."),
  BACKEND_OVERLOADED: notCalled("The backend has as many requests as its endpoint allows, and as many are waiting."),
  API_UNAVAILABLE: notCalled("The gateway couldn't load the API's deployment. See its log."),
  BACKEND_TIMEOUT: failed("The backend timed out."),
  BACKEND_AUTHORIZATION_UNREACHABLE: notCalled("The backend requires a token, and its token endpoint is unreachable."),
  BACKEND_AUTHORIZATION_TLS: notCalled("The backend requires a token, and its token endpoint's TLS certificate isn't trusted."),
  BACKEND_AUTHORIZATION_NOT_ALLOWED: notCalled("The gateway's outbound rules block the backend's token endpoint."),
  BACKEND_AUTHORIZATION_REFUSED: failed("The backend or its token endpoint rejected the gateway's credentials."),
  BACKEND_AUTHORIZATION_INVALID_RESPONSE: notCalled("The backend's token endpoint returned an invalid token response."),
  BACKEND_AUTHORIZATION_RATE_LIMITED: notCalled("The backend's token endpoint rate-limits the gateway."),
  BACKEND_AUTHORIZATION_UNAVAILABLE: notCalled("The backend's token endpoint returned a server error."),
  BACKEND_AUTHORIZATION_OVERLOADED: notCalled("Too many requests are waiting for the backend's token."),
  BACKEND_AUTHORIZATION_TIMEOUT: notCalled("The backend's token endpoint timed out."),
  LOOP_DETECTED: notCalled("Request loop detected: the backend's URL leads back to this gateway."),
} as const satisfies Record<Exclude<GatewayErrorCode, PolicyCode>, ErrorWords>;

const ofPolicies = Object.fromEntries(Object.entries(policyErrors).map(([code, { words }]) => [code, notCalled(words)])) as Record<
  PolicyCode,
  ErrorWords
>;

/** Explanations of all gateway error codes. */
export const GATEWAY_ERROR_WORDS = { ...CORE, ...ofPolicies } satisfies Record<GatewayErrorCode, ErrorWords>;

/** Returns the explanation of a code; undefined for a code unknown to this version. */
export const errorWordsOf = (code: string): ErrorWords | undefined =>
  Object.hasOwn(GATEWAY_ERROR_WORDS, code) ? GATEWAY_ERROR_WORDS[code as GatewayErrorCode] : undefined;
