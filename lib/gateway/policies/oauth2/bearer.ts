/** What an `Authorization` header says about a bearer token. */
export type BearerToken = { kind: "token"; token: string } | { kind: "none" | "blank" | "malformedHeader" | "malformedToken" };

/** RFC 6750, section 2.1: the characters of a token. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Finds the bearer token in an `Authorization` header. The scheme ignores case and is followed by a space
 * (RFC 9110, section 11.4); other schemes, and `Bearerabc`, are no bearer token at all.
 */
export function readBearerToken(authorization: string | null): BearerToken {
  if (authorization === null) return { kind: "none" };
  const scheme = /^bearer(?![!#$%&'*+.^_`|~0-9a-z-])/i.exec(authorization);
  if (!scheme) return { kind: "none" };
  const rest = authorization.slice(scheme[0].length);
  if (rest.trim() === "") return { kind: "blank" };
  if (!rest.startsWith(" ")) return { kind: "malformedHeader" };
  const token = rest.replace(/^ +/, "");
  if (B64TOKEN.test(token)) return { kind: "token", token };
  // Several words or values are a malformed request; one word with foreign characters is a malformed token.
  return { kind: /[\s,]/.test(token) ? "malformedHeader" : "malformedToken" };
}
