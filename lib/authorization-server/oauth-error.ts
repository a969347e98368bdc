/** A refusal in the words of RFC 6749 section 5.2; the description is for the caller's eyes. */
export class OAuthError extends Error {
  override name = "OAuthError";

  constructor(
    readonly status: number,
    readonly error: string,
    readonly description: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${error}: ${description}`);
  }
}

/** An authorization server's own rules refuse a token: `invalid_scope` or `unauthorized_client`. */
export class TokenDenied extends OAuthError {
  override name = "TokenDenied";

  constructor(error: "invalid_scope" | "unauthorized_client", description: string) {
    super(400, error, description);
  }
}
