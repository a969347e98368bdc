import type { Credentials } from "./contract";
import type { IssuedToken } from "./token-answer";

/** A cached token. It is also the credentials object of every request, so requests allocate none. */
export interface CachedToken extends Credentials {
  readonly authorization: string;
  readonly accessToken: string;
  /** All times are milliseconds since the epoch. */
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  /** The first request after this time renews the token in the background. */
  readonly renewAtMs: number;
  readonly refreshToken: string | null;
  readonly scope: string | null;
}

/** Shared form of a token, without values that depend on one gateway's settings. */
type SharedForm = Pick<CachedToken, "accessToken" | "obtainedAtMs" | "expiresAtMs" | "refreshToken" | "scope">;

function withTimes(shared: SharedForm, skewMs: number): CachedToken {
  // Otherwise, each request would renew a token whose lifetime is below the skew.
  const skew = Math.min(skewMs, (shared.expiresAtMs - shared.obtainedAtMs) / 2);
  return { ...shared, authorization: `Bearer ${shared.accessToken}`, renewAtMs: shared.expiresAtMs - skew };
}

/**
 * Creates a cached token. Its lifetime starts at the request, because the server may have issued it any time after that.
 * A token that has already expired serves only the requests that waited for it.
 */
export function keptToken(issued: IssuedToken, askedAtMs: number, formerRefreshToken: string | null, skewMs: number): CachedToken {
  const { accessToken, lifetimeMs, refreshToken, scope } = issued;
  // RFC 6749, 6: without a new refresh token, the previous one stays valid.
  return withTimes(
    { accessToken, obtainedAtMs: askedAtMs, expiresAtMs: askedAtMs + lifetimeMs, refreshToken: refreshToken ?? formerRefreshToken, scope },
    skewMs,
  );
}

/** Serializes a token for the shared store, before encryption. */
export function writeCachedToken({ accessToken, obtainedAtMs, expiresAtMs, refreshToken, scope }: CachedToken): string {
  return JSON.stringify({ accessToken, obtainedAtMs, expiresAtMs, refreshToken, scope } satisfies SharedForm);
}

/** Parses a token from the shared store; null if the format is unknown, for example of another version. */
export function readCachedToken(text: string, skewMs: number): CachedToken | null {
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value !== "object") return null;
  const { accessToken, obtainedAtMs, expiresAtMs, refreshToken, scope } = value as Partial<Record<keyof SharedForm, unknown>>;
  if (typeof accessToken !== "string" || typeof obtainedAtMs !== "number" || typeof expiresAtMs !== "number") return null;
  return withTimes(
    {
      accessToken,
      obtainedAtMs,
      expiresAtMs,
      refreshToken: typeof refreshToken === "string" ? refreshToken : null,
      scope: typeof scope === "string" ? scope : null,
    },
    skewMs,
  );
}
