/**
 * Why the gateway cannot authenticate at a backend. `refused` is the authorization server's no, `notAllowed` that of the rules
 * for where the gateway may call, `notAToken` an answer that is no token response; `tooManyWaiting`, `callerGone` and `released`
 * are about the call that waited.
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

/** Why a call cannot be sent with the credentials that its endpoint asks for. The message is for the log: it may name hosts, never a secret or a token. */
export class EndpointSecurityFailure extends Error {
  override name = "EndpointSecurityFailure";

  constructor(
    readonly kind: EndpointSecurityFailureKind,
    message: string,
    /** When trying again makes sense; whole seconds, 1 or more. */
    readonly retryAfterSeconds?: number,
    /** What the token endpoint answered, where it answered. */
    readonly status?: number,
  ) {
    super(message);
  }

  /** The same failure, as calls get it that are not even tried until some time is over. */
  during(backOffMs: number): EndpointSecurityFailure {
    const seconds = Math.max(1, Math.ceil(backOffMs / 1000));
    return new EndpointSecurityFailure(
      this.kind,
      `${this.message} The token endpoint is left alone for ${seconds} s from here.`,
      seconds,
      this.status,
    );
  }
}

/** What callers see of each failure: rows for the gateway's table of errors. Nothing in it names a host. */
export const ENDPOINT_SECURITY_ERRORS = {
  BACKEND_AUTHORIZATION_UNREACHABLE: { status: 502, message: "The gateway cannot authenticate at the backend at the moment" },
  BACKEND_AUTHORIZATION_TLS: { status: 502, message: "The gateway cannot authenticate at the backend at the moment" },
  BACKEND_AUTHORIZATION_NOT_ALLOWED: { status: 502, message: "The gateway may not call the backend's authorization server" },
  BACKEND_AUTHORIZATION_REFUSED: { status: 502, message: "The backend does not accept the gateway's credentials" },
  BACKEND_AUTHORIZATION_INVALID_RESPONSE: { status: 502, message: "The gateway cannot authenticate at the backend at the moment" },
  BACKEND_AUTHORIZATION_RATE_LIMITED: { status: 503, message: "The gateway cannot authenticate at the backend at the moment" },
  BACKEND_AUTHORIZATION_UNAVAILABLE: { status: 503, message: "The gateway cannot authenticate at the backend at the moment" },
  BACKEND_AUTHORIZATION_OVERLOADED: { status: 503, message: "Too many calls wait for the gateway to authenticate at the backend" },
  BACKEND_AUTHORIZATION_TIMEOUT: { status: 504, message: "The gateway could not authenticate at the backend in time" },
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

/** With these it helps to try again soon, even where nobody said when. */
const PASSING: ReadonlySet<EndpointSecurityFailureKind> = new Set(["rateLimited", "serverError", "tooManyWaiting", "released"]);

/** What is answered instead of calling the backend. `Retry-After` says when trying again makes sense, where that is known. */
export function endpointSecurityRefusal(failure: EndpointSecurityFailure): {
  code: (typeof CODES)[EndpointSecurityFailureKind];
  reason: string;
  headers?: readonly string[];
} {
  const refusal = { code: CODES[failure.kind], reason: failure.message };
  const seconds = failure.retryAfterSeconds ?? (PASSING.has(failure.kind) ? 1 : undefined);
  return seconds === undefined ? refusal : { ...refusal, headers: ["retry-after", String(seconds)] };
}
