import type { DenialCode } from "./rules/decide";

/** A refusal in the words of RFC 6749 section 5.2; the description is for the caller's eyes. */
export class OAuthError extends Error {
  override name = "OAuthError";

  constructor(
    readonly status: number,
    readonly error: string,
    readonly description: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What the caller is not told; for the log. */
    readonly reason?: string,
  ) {
    super(`${error}: ${description}`);
  }
}

/** An authorization server's own rules refuse a token, in the words of the token endpoint. */
export class TokenDenied extends OAuthError {
  override name = "TokenDenied";

  constructor(error: DenialCode, description: string) {
    super(400, error, description);
  }
}

/**
 * A client did not prove who it is: one answer whatever was wrong, so that nobody learns which half of a guess was right. What
 * was wrong stands in the log.
 */
export const unauthenticated = (reason?: string): OAuthError =>
  new OAuthError(
    401,
    "invalid_client",
    "Client authentication failed: the client is unknown, or its credentials are missing, wrong or expired.",
    {},
    reason,
  );

/** Too many authentications of a client failed from one address. */
export const tooManyFailures = (waitSeconds: number): OAuthError =>
  new OAuthError(
    429,
    "temporarily_unavailable",
    "Too many authentications of this client have failed from this address. Try again later.",
    {
      "retry-after": String(waitSeconds),
    },
  );
