/**
 * Why the gateway can't authenticate at a backend. `refused`: rejected by the authorization server. `notAllowed`: blocked by the
 * outbound rules. `notAToken`: an invalid token response. `tooManyWaiting`, `callerGone`, and `released` concern only the waiting
 * request.
 */
export type EndpointSecurityFailureKind =
  | "unreachable"
  | "timeout"
  | "tls"
  | "notAllowed"
  | "refused"
  | "rateLimited"
  | "serverError"
  | "notAToken"
  | "tooManyWaiting"
  | "callerGone"
  | "released";

/** Failed endpoint authentication. The message is for the log: it can name hosts, never a secret or token. */
export class EndpointSecurityFailure extends Error {
  override name = "EndpointSecurityFailure";

  constructor(
    readonly kind: EndpointSecurityFailureKind,
    message: string,
    /** Whole seconds, 1 or more. */
    readonly retryAfterSeconds?: number,
    /** Status of the token endpoint's response, if any. */
    readonly status?: number,
  ) {
    super(message);
  }

  /** Returns the same failure for a request rejected during a back-off. */
  during(backOffMs: number): EndpointSecurityFailure {
    const seconds = Math.max(1, Math.ceil(backOffMs / 1000));
    return new EndpointSecurityFailure(this.kind, `${this.message} Next token request in ${seconds} s.`, seconds, this.status);
  }
}

/** Error responses for the failures: part of the gateway's error table. They name no hosts. */
export const ENDPOINT_SECURITY_ERRORS = {
  BACKEND_AUTHORIZATION_UNREACHABLE: { status: 502, message: "The gateway can't authenticate at the backend" },
  BACKEND_AUTHORIZATION_TLS: { status: 502, message: "The gateway can't authenticate at the backend" },
  BACKEND_AUTHORIZATION_NOT_ALLOWED: { status: 502, message: "The outbound rules block the backend's authorization server" },
  BACKEND_AUTHORIZATION_REFUSED: { status: 502, message: "The backend rejected the gateway's credentials" },
  BACKEND_AUTHORIZATION_INVALID_RESPONSE: { status: 502, message: "The gateway can't authenticate at the backend" },
  BACKEND_AUTHORIZATION_RATE_LIMITED: { status: 503, message: "The gateway can't authenticate at the backend" },
  BACKEND_AUTHORIZATION_UNAVAILABLE: { status: 503, message: "The gateway can't authenticate at the backend" },
  BACKEND_AUTHORIZATION_OVERLOADED: {
    status: 503,
    message: "Too many requests are waiting for the gateway to authenticate at the backend",
  },
  BACKEND_AUTHORIZATION_TIMEOUT: { status: 504, message: "The gateway's authentication at the backend timed out" },
} as const satisfies Record<string, { status: number; message: string }>;

const CODES = {
  unreachable: "BACKEND_AUTHORIZATION_UNREACHABLE",
  timeout: "BACKEND_AUTHORIZATION_TIMEOUT",
  tls: "BACKEND_AUTHORIZATION_TLS",
  notAllowed: "BACKEND_AUTHORIZATION_NOT_ALLOWED",
  refused: "BACKEND_AUTHORIZATION_REFUSED",
  rateLimited: "BACKEND_AUTHORIZATION_RATE_LIMITED",
  serverError: "BACKEND_AUTHORIZATION_UNAVAILABLE",
  notAToken: "BACKEND_AUTHORIZATION_INVALID_RESPONSE",
  tooManyWaiting: "BACKEND_AUTHORIZATION_OVERLOADED",
  callerGone: "CALLER_GONE",
  released: "API_UNAVAILABLE",
} as const satisfies Record<EndpointSecurityFailureKind, keyof typeof ENDPOINT_SECURITY_ERRORS | "CALLER_GONE" | "API_UNAVAILABLE">;

/** Transient failures: they get a `Retry-After` even if the server sent none. */
const PASSING: ReadonlySet<EndpointSecurityFailureKind> = new Set(["rateLimited", "serverError", "tooManyWaiting", "released"]);

/** Maps a failure to its error response, with `Retry-After` where the time is known. */
export function endpointSecurityRefusal(failure: EndpointSecurityFailure): {
  code: (typeof CODES)[EndpointSecurityFailureKind];
  reason: string;
  headers?: readonly string[];
} {
  const refusal = { code: CODES[failure.kind], reason: failure.message };
  const seconds = failure.retryAfterSeconds ?? (PASSING.has(failure.kind) ? 1 : undefined);
  return seconds === undefined ? refusal : { ...refusal, headers: ["retry-after", String(seconds)] };
}
