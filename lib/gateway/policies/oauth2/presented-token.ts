/** How a token is presented: borne (RFC 6750), or with the proof of a key (RFC 9449). */
export type TokenScheme = "Bearer" | "DPoP";

/** What an `Authorization` header says about an access token. */
export type PresentedToken = { kind: "token"; scheme: TokenScheme; token: string } | { kind: PresentationProblem; scheme: TokenScheme };

/** Why a header presents no token. */
export type PresentationProblem = "none" | "blank" | "malformedHeader" | "malformedToken";

/** RFC 6750, section 2.1, and RFC 9449, section 7.1: the characters of a token. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const SCHEME = /^(?:bearer|dpop)(?![!#$%&'*+.^_`|~0-9a-z-])/i;

const NONE: PresentedToken = { kind: "none", scheme: "Bearer" };

/**
 * Finds the access token in an `Authorization` header. The scheme ignores case and is followed by a space
 * (RFC 9110, section 11.4); other schemes, and `Bearerabc`, present no token at all.
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
  // Several words or values are a malformed request; one word with foreign characters is a malformed token.
  return { kind: /[\s,]/.test(token) ? "malformedHeader" : "malformedToken", scheme };
}
