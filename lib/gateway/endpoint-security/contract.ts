import type { Caller } from "../http/caller";

/** The parts of a request that its credentials depend on. */
export interface AuthorizedCall {
  readonly method: string;
  /** Request target exactly as the backend gets it: path and query. */
  readonly target: string;
  /** Used only while the request waits for credentials. It has one listener, so nothing else may listen meanwhile. */
  readonly caller: Pick<Caller, "gone" | "whenGone">;
  /** Adds a note to the request's log line. It must not contain secrets. */
  note?(text: string): void;
}

/** Credentials of one request. They always replace `Authorization`; null removes it. */
export interface Credentials {
  readonly authorization: string | null;
}

/** Authenticates the requests to one endpoint. */
export interface EndpointAuthorizer {
  /**
   * Returns the credentials of a request, synchronously if they are cached. Never throws. The promise rejects only with
   * {@link EndpointSecurityFailure}; then the backend must not be called.
   */
  authorize(call: AuthorizedCall): Credentials | Promise<Credentials>;
  /**
   * Called when the backend returns 401, at most once per request, with the values of all `WWW-Authenticate` headers. Returns
   * credentials for a retry, or null for none. Never throws. The promise rejects only with {@link EndpointSecurityFailure}.
   */
  refused(call: AuthorizedCall, credentials: Credentials, challenges: readonly string[]): Credentials | null | Promise<Credentials | null>;
  /** Called with `Authentication-Info` (null without one) of every response other than 401. */
  accepted?(credentials: Credentials, authenticationInfo: string | null): void;
  /** Returns a number that changes when earlier credentials become invalid. */
  generation?(): number;
  /** Releases connections and tokens. Waiting requests fail with `released`. */
  release(): void;
}
