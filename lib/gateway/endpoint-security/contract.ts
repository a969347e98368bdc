import type { Caller } from "../http/caller";

/** What of one call its credentials depend on. */
export interface AuthorizedCall {
  readonly method: string;
  /** The request target exactly as the backend gets it: path and query. */
  readonly target: string;
  /** Asked only while the call waits for credentials; nobody else may listen to it meanwhile. */
  readonly caller: Pick<Caller, "gone" | "whenGone">;
  /** Takes what the log of this call should say. It names no secret. */
  note?(text: string): void;
}

/** What a call is sent with. `Authorization` is always replaced: null sends none. */
export interface Credentials {
  readonly authorization: string | null;
}

/** Puts credentials on the calls of one endpoint. */
export interface EndpointAuthorizer {
  /**
   * The credentials of one call: at once when they are known, which is nearly always. It never throws; a promise may
   * reject with {@link EndpointSecurityFailure} (and with nothing else), and then the backend must not be called.
   */
  authorize(call: AuthorizedCall): Credentials | Promise<Credentials>;
  /**
   * The backend answered 401 to these credentials: others to send the call with again, or null when the 401 is to be handed
   * on. To be called at most once a call, never for 403, with the values of all `WWW-Authenticate` headers. It never throws;
   * a promise may reject with {@link EndpointSecurityFailure}: then the 401 was about the gateway, and is not handed on.
   */
  refused(call: AuthorizedCall, credentials: Credentials, challenges: readonly string[]): Credentials | null | Promise<Credentials | null>;
  /** Where it exists: to be told the value of `Authentication-Info` (null without one) of each answer other than 401. */
  accepted?(credentials: Credentials, authenticationInfo: string | null): void;
  /** Where it exists: another number than before when credentials from before are not to be sent any more. */
  generation?(): number;
  /** Gives back what it holds. Calls that wait fail with `released`. */
  release(): void;
}
