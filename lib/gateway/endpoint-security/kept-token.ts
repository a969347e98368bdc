import type { Credentials } from "./contract";
import type { IssuedToken } from "./token-answer";

/** A token in use. It stands for the credentials of every call made with it, so that a call makes nothing. */
export interface KeptToken extends Credentials {
  readonly authorization: string;
  readonly accessToken: string;
  /** Milliseconds since the epoch, as are the others. */
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  /** From here on it is renewed by the next call, while it still serves. */
  readonly renewAtMs: number;
  readonly refreshToken: string | null;
  readonly scope: string | null;
}

/** What gateways tell each other of a token: all that does not depend on the settings of one of them. */
type SharedForm = Pick<KeptToken, "accessToken" | "obtainedAtMs" | "expiresAtMs" | "refreshToken" | "scope">;

function withTimes(shared: SharedForm, skewMs: number): KeptToken {
  // A token that lives shorter than the skew would otherwise be renewed by each call.
  const skew = Math.min(skewMs, (shared.expiresAtMs - shared.obtainedAtMs) / 2);
  return { ...shared, authorization: `Bearer ${shared.accessToken}`, renewAtMs: shared.expiresAtMs - skew };
}

/**
 * A token that was asked for at a time. Its life counts from there, because how long the answer took is not known to be
 * part of it. One whose life is over with that is good for the calls that waited, and expired for all others.
 */
export function keptToken(issued: IssuedToken, askedAtMs: number, formerRefreshToken: string | null, skewMs: number): KeptToken {
  const { accessToken, lifetimeMs, refreshToken, scope } = issued;
  // RFC 6749, section 6: without a new refresh token the former one stays good.
  return withTimes(
    { accessToken, obtainedAtMs: askedAtMs, expiresAtMs: askedAtMs + lifetimeMs, refreshToken: refreshToken ?? formerRefreshToken, scope },
    skewMs,
  );
}

/** The text of a token in a shared store, before it is sealed. */
export function writeKeptToken({ accessToken, obtainedAtMs, expiresAtMs, refreshToken, scope }: KeptToken): string {
  return JSON.stringify({ accessToken, obtainedAtMs, expiresAtMs, refreshToken, scope } satisfies SharedForm);
}

/** Reads what another gateway wrote; null when it is something else, for example of another version. */
export function readKeptToken(text: string, skewMs: number): KeptToken | null {
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
