/** Authentication scheme of a token: RFC 6750 or RFC 9449. */
export type TokenScheme = "Bearer" | "DPoP";

/** Result of parsing an `Authorization` header. */
export type PresentedToken = { kind: "token"; scheme: TokenScheme; token: string } | { kind: PresentationProblem; scheme: TokenScheme };

/** Why a header presents no token. */
export type PresentationProblem = "none" | "blank" | "malformedHeader" | "malformedToken";

/** Characters of a token (RFC 6750, 2.1; RFC 9449, 7.1). */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const SCHEME = /^(?:bearer|dpop)(?![!#$%&'*+.^_`|~0-9a-z-])/i;

const NONE: PresentedToken = { kind: "none", scheme: "Bearer" };

/**
 * Parses the access token of an `Authorization` header. The scheme ignores case and is followed by a space
 * (RFC 9110, 11.4); other schemes, and `Bearerabc`, present no token.
 */
export function readPresentedToken(authorization: string | null): PresentedToken {
  if (authorization === null) return NONE;
  const found = SCHEME.exec(authorization)?.[0];
  if (found === undefined) return NONE;
  const scheme = found.length === 4 ? "DPoP" : "Bearer";
  const rest = authorization.slice(found.length);
  if (rest.trim() === "") return { kind: "blank", scheme };
  if (!rest.startsWith(" ")) return { kind: "malformedHeader", scheme };
  const token = rest.replace(/^ +/, "");
  if (TOKEN68.test(token)) return { kind: "token", scheme, token };
  // Several words or values: malformed request. One word with invalid characters: malformed token.
  return { kind: /[\s,]/.test(token) ? "malformedHeader" : "malformedToken", scheme };
}
