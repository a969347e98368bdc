/** The decoded parts of a JWT, not verified. */
export interface DecodedToken {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

function decodePart(part: string | undefined): Record<string, unknown> | null {
  if (!part || !/^[A-Za-z0-9_-]+$/.test(part)) return null;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/**
 * Decodes a signed JWT (RFC 7519, compact form of RFC 7515) for display without verifying it. Returns null for an opaque token.
 */
export function decodeToken(token: string): DecodedToken | null {
  const parts = token.trim().split(".");
  if (parts.length !== 3) return null;
  const header = decodePart(parts[0]);
  const claims = decodePart(parts[1]);
  return header && claims ? { header, claims } : null;
}

const TIME_CLAIMS = new Set(["exp", "iat", "nbf", "auth_time", "updated_at"]);

/** Returns a claim's time (RFC 7519, NumericDate in seconds); null if it isn't one. */
export function timeOfClaim(name: string, value: unknown): Date | null {
  if (!TIME_CLAIMS.has(name) || typeof value !== "number") return null;
  const date = new Date(value * 1000);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Returns a token's expiry; null if it has no `exp`. */
export function expiryOf(token: string): Date | null {
  return timeOfClaim("exp", decodeToken(token)?.claims.exp);
}

/** Masks a token: the last 4 characters to tell two apart, never enough to use it. */
export function maskToken(token: string): string {
  return token.length < 24 ? "••••••••" : `••••••••${token.slice(-4)}`;
}
