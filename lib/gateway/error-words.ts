import type { GatewayErrorCode } from "./errors";
import { policyErrors } from "./policies/errors";

/** What one of the gateway's own codes means to the person who tries a call. Safe for the browser. */
export interface ErrorWords {
  sentence: string;
  /** Whether the backend was called: `failed` when it was, and no usable response came of it. */
  backend: "not-called" | "failed";
}

type PolicyCode = keyof typeof policyErrors;

const notCalled = (sentence: string): ErrorWords => ({ sentence, backend: "not-called" });
const failed = (sentence: string): ErrorWords => ({ sentence, backend: "failed" });

const CORE = {
  INVALID_REQUEST_TARGET: notCalled("The gateway refuses this path before it looks at flows."),
  INVALID_REQUEST: notCalled("The gateway refuses the request because it is malformed."),
  ENVIRONMENT_NOT_AVAILABLE: notCalled("The token is for an environment that this API has no endpoint for."),
  CORS_PREFLIGHT_FAILED: notCalled("The API does not allow this cross-origin request."),
  API_NOT_FOUND: notCalled("No API is deployed at this path."),
  PATH_NOT_FOUND: notCalled("The path differs from a flow's by upper and lower case only."),
  METHOD_NOT_ALLOWED: notCalled("The gateway does not pass this method on."),
  REQUEST_TIMEOUT: notCalled("The body of the request did not arrive in time."),
  TOO_MANY_UPLOADS: notCalled("Too many uploads of this client are still arriving."),
  HEADERS_TOO_LARGE: notCalled("The header fields of the request are too large or too many."),
  CALLER_GONE: notCalled("The client disconnected before there was a response."),
  GATEWAY_ERROR: notCalled("The gateway could not process the call. Its log says why, under the request id."),
  METHOD_UNKNOWN: notCalled("The gateway does not know this method."),
  BACKEND_UNREACHABLE: failed("The backend cannot be reached."),
  BACKEND_INVALID_RESPONSE: failed("The backend answered with something that is not HTTP."),
  BACKEND_HEADERS_TOO_LARGE: failed("The header fields of the backend's response are too large or too many."),
  BACKEND_NOT_ALLOWED: notCalled("The outbound rules of this gateway block the backend's address."),
  BACKEND_OVERLOADED: notCalled("The backend has as many requests as its endpoint allows, and as many are waiting."),
  API_UNAVAILABLE: notCalled("The API is deployed, but this gateway cannot serve it at the moment. Its log says why."),
  BACKEND_TIMEOUT: failed("The backend did not answer in time."),
  BACKEND_AUTHORIZATION_UNREACHABLE: notCalled("The backend needs a token, and its token endpoint cannot be reached."),
  BACKEND_AUTHORIZATION_TLS: notCalled("The backend needs a token, and the TLS certificate of its token endpoint is not trusted."),
  BACKEND_AUTHORIZATION_NOT_ALLOWED: notCalled("The outbound rules of this gateway block the backend's token endpoint."),
  BACKEND_AUTHORIZATION_REFUSED: failed("The backend or its token endpoint rejected the gateway's credentials."),
  BACKEND_AUTHORIZATION_INVALID_RESPONSE: notCalled("The backend's token endpoint returned something that is no token response."),
  BACKEND_AUTHORIZATION_RATE_LIMITED: notCalled("The backend's token endpoint limits how often the gateway may ask."),
  BACKEND_AUTHORIZATION_UNAVAILABLE: notCalled("The backend's token endpoint reported an error of its own."),
  BACKEND_AUTHORIZATION_OVERLOADED: notCalled("Too many requests are waiting for the backend's token."),
  BACKEND_AUTHORIZATION_TIMEOUT: notCalled("The backend's token endpoint did not answer in time."),
  LOOP_DETECTED: notCalled("The request passed this gateway too often: the backend's URL leads back to it."),
} as const satisfies Record<Exclude<GatewayErrorCode, PolicyCode>, ErrorWords>;

const ofPolicies = Object.fromEntries(Object.entries(policyErrors).map(([code, { words }]) => [code, notCalled(words)])) as Record<
  PolicyCode,
  ErrorWords
>;

/** The words of every code that a gateway answers with. */
export const GATEWAY_ERROR_WORDS = { ...CORE, ...ofPolicies } satisfies Record<GatewayErrorCode, ErrorWords>;

/** The words of a code; undefined for one that no gateway of this version answers with. */
export const errorWordsOf = (code: string): ErrorWords | undefined =>
  Object.hasOwn(GATEWAY_ERROR_WORDS, code) ? GATEWAY_ERROR_WORDS[code as GatewayErrorCode] : undefined;
