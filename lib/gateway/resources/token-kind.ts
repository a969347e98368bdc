type Claims = Readonly<Record<string, unknown>>;

/** Types of tokens whose holder proves that it has a key (RFC 9449; RFC 7800), folded. */
const KEY_BOUND: ReadonlySet<string> = new Set(["dpop", "pop"]);

/** Types of what is no access token, or is none that a bearer can present, folded. `na` is `N_A` (RFC 8693, section 2.2.1). */
const NO_ACCESS_TOKEN: ReadonlySet<string> = new Set(["mac", "na", "refresh", "refreshtoken", "offline", "id", "idtoken", "logout"]);

/** Claims by which servers say what a token is: RFC 7662; Amazon Cognito; Keycloak. */
const KIND_CLAIMS = ["token_type", "token_use", "typ"] as const;

/** A name without what varies in spelling, and without the namespace of RFC 8693, section 3. */
const folded = (name: string) =>
  name
    .slice(name.lastIndexOf(":") + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

/** Whether a value names one of these types, also in a list of any form. The value nests no deeper than JSON of a server may. */
function names(value: unknown, types: ReadonlySet<string>): boolean {
  if (typeof value === "string") return value.split(/[\s,;|]+/).some((name) => types.has(folded(name)));
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(([key, member]) => types.has(folded(key)) || names(member, types));
}

/** Whether a token says that only the holder of a key may present it (RFC 9449, section 6.2). */
export const saysKeyBound = ({ token_type: type }: Claims): boolean => type !== undefined && names(type, KEY_BOUND);

/**
 * Names the claim that says that a token is no access token: a refresh token, an ID token, a MAC token. Null when none does. Other
 * values pass, because servers write `Bearer`, `access_token`, `JWT`, and names of their own.
 */
export function otherKind(claims: Claims): (typeof KIND_CLAIMS)[number] | null {
  return KIND_CLAIMS.find((claim) => claims[claim] !== undefined && names(claims[claim], NO_ACCESS_TOKEN)) ?? null;
}
