import type { DenialCode } from "./rules/decide";

/** An OAuth error response (RFC 6749, 5.2). Clients see the description. */
export class OAuthError extends Error {
  override name = "OAuthError";

  constructor(
    readonly status: number,
    readonly error: string,
    readonly description: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Logged, never returned to the client. */
    readonly reason?: string,
  ) {
    super(`${error}: ${description}`);
  }
}

/** A server's rules deny a token; carries the error of the token endpoint. */
export class TokenDenied extends OAuthError {
  override name = "TokenDenied";

  constructor(error: DenialCode, description: string) {
    super(400, error, description);
  }
}

/**
 * Client authentication failed. The response is the same for every cause, so it doesn't reveal whether a client ID exists; the log
 * has the reason.
 */
export const unauthenticated = (reason?: string): OAuthError =>
  new OAuthError(
    401,
    "invalid_client",
    "Client authentication failed: unknown client, or missing, wrong or expired credentials.",
    {},
    reason,
  );

/** Client authentication failed too often from one address. */
export const tooManyFailures = (waitSeconds: number): OAuthError =>
  new OAuthError(429, "temporarily_unavailable", "Too many failed client authentications from this address. Try again later.", {
    "retry-after": String(waitSeconds),
  });
