import { JSON_LEVELS_MAX, nestsTooDeeply } from "@/lib/http-client/json";
import { type ClaimReader, claimReader, claimReaders } from "./claim-path";
import type { VerifiedToken } from "./contract";
import { isExact } from "./exact-number";
import { headerSafe } from "./header-safe";
import { shown } from "./shown";
import { otherKind, saysKeyBound } from "./token-kind";

/** How the claims of a token are to be read, as a resource is configured. */
export interface ClaimSettings {
  userClaim: string;
  environmentClaim: string;
  sandboxValue: string;
  scopeSeparator: string;
  /** Paths of the claims that hold scopes, separated by spaces; without them, `scope`, else `scp`. */
  scopesClaim?: string | undefined;
  /** Paths of the claims that may name the client, separated by spaces, the first of them first; without them, {@link CLIENT_CLAIMS}. */
  clientClaim?: string | undefined;
  /** If any, the token names at least one of them. */
  audiences: readonly string[];
  /** How far the server's clock may differ, for exp and nbf. Without it, exp is exact and nbf has a small leeway. */
  clockSkewSeconds?: number;
  /** Whether the token's claims are part of the result. */
  keepsClaims?: boolean | undefined;
}

/** The same, compiled once. */
export interface ClaimRules extends Pick<ClaimSettings, "sandboxValue" | "audiences" | "clockSkewSeconds" | "keepsClaims"> {
  readonly user: ClaimReader;
  readonly environment: ClaimReader;
  readonly clients: readonly ClaimReader[];
  readonly scopes: (claims: Claims) => string[];
}

type Claims = Readonly<Record<string, unknown>>;

/** By what servers name the client: RFC 9068, then OpenID Connect and Entra v2, Okta, and Entra v1. */
const CLIENT_CLAIMS = "client_id azp cid appid";

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : typeof value === "string" ? [value] : [];

const SPACE = " \t\r\n";

/** Without the ASCII space around it. With other space around it, a name is another one (RFC 6749, 3.3). */
function trimmed(part: string): string {
  let [start, end] = [0, part.length];
  while (start < end && SPACE.includes(part.charAt(start))) start += 1;
  while (end > start && SPACE.includes(part.charAt(end - 1))) end -= 1;
  return part.slice(start, end);
}

const unique = (parts: readonly string[]) => [...new Set(parts.filter((part) => trimmed(part) !== ""))];

/** A list as it is, so that a role with space around its name is never taken for another; text is split. */
const listed = (value: unknown, separator: string | RegExp): string[] =>
  Array.isArray(value) ? strings(value) : typeof value === "string" ? value.split(separator).map(trimmed) : [];

/** Compiles how scopes are read. */
function scopesReader({ scopesClaim, scopeSeparator }: ClaimSettings): ClaimRules["scopes"] {
  if (scopesClaim === undefined || scopesClaim.trim() === "") {
    return (claims) => {
      const scopes = unique(listed(claims.scope, scopeSeparator));
      // An empty scope hides no scp.
      return scopes.length > 0 ? scopes : unique(listed(claims.scp, scopeSeparator));
    };
  }
  const readers = claimReaders(scopesClaim);
  // Roles and permissions are written with spaces or with commas; no name of one has either in it.
  const separator = scopeSeparator === " " ? /[ \t\r\n,]+/ : scopeSeparator;
  return (claims) => unique(readers.flatMap((read) => listed(read(claims), separator)));
}

/** Compiles the reading of a token's claims. */
export function claimRules(settings: ClaimSettings): ClaimRules {
  const { sandboxValue, audiences, clockSkewSeconds, keepsClaims = false, userClaim, environmentClaim, clientClaim } = settings;
  return {
    sandboxValue,
    audiences,
    keepsClaims,
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
    user: claimReader(userClaim),
    environment: claimReader(environmentClaim),
    clients: claimReaders(clientClaim?.trim() ? clientClaim : CLIENT_CLAIMS),
    scopes: scopesReader(settings),
  };
}

/** Seconds as text, and the dates of RFC 3339, which some introspection endpoints answer; both say when they are. */
function secondsOf(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i.test(text) ? Date.parse(text) / 1000 : Number.NaN;
}

/** A time claim in seconds, null when absent, undefined when it cannot be read and so must not be trusted. */
function timeClaim(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  const seconds = typeof value === "string" ? secondsOf(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : undefined;
}

/** A number that was not read exactly may be that of somebody else. */
const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : isExact(value) ? String(value) : null);

function firstText(readers: readonly ClaimReader[], claims: Claims): string | null {
  for (const read of readers) {
    const found = text(read(claims));
    if (found !== null) return found;
  }
  return null;
}

/** Clocks of servers differ a little; a token that begins to be good in this time is good. */
const NOT_BEFORE_LEEWAY_SECONDS = 5;

/** A SHA-256 in base64url. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * The thumbprint of the key that a token is bound to, null when it is bound to none, undefined when it is bound in a way whose proof
 * cannot be checked here, such as by a certificate (RFC 8705, section 3): then it must not pass.
 */
function boundKey(claims: Claims): string | null | undefined {
  const { cnf } = claims;
  if (cnf === undefined || cnf === null) return saysKeyBound(claims) ? undefined : null;
  if (typeof cnf !== "object" || Object.keys(cnf).length !== 1 || !("jkt" in cnf)) return undefined;
  return typeof cnf.jkt === "string" && THUMBPRINT.test(cnf.jkt) ? cnf.jkt : undefined;
}

/**
 * Judges the claims of a token that the authorization server holds for active: its time, its audience, and whom it is
 * bound to. Answers the token, or a string that says what is wrong. Whoever lets a call pass with a token that is bound
 * to a key first sees the proof of that key (RFC 9449, section 7.1).
 */
export function verifiedToken(claims: Claims, rules: ClaimRules, nowMs: number): VerifiedToken | string {
  if (nestsTooDeeply(claims)) return `The token's claims nest deeper than ${JSON_LEVELS_MAX} levels.`;
  const exp = timeClaim(claims.exp);
  const nbf = timeClaim(claims.nbf);
  if (exp === undefined || nbf === undefined) return "The token's exp or nbf is not a time.";
  const expiresAtMs = exp === null ? null : (exp + (rules.clockSkewSeconds ?? 0)) * 1000;
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return "The token has expired.";
  if (nbf !== null && (nbf - (rules.clockSkewSeconds ?? NOT_BEFORE_LEEWAY_SECONDS)) * 1000 > nowMs) return "The token is not valid yet.";
  const kind = otherKind(claims);
  if (kind !== null) return `The token is no access token: its ${kind} is ${shown(claims[kind])}.`;
  const boundTo = boundKey(claims);
  if (boundTo === undefined) return "The token is bound to something that cannot be proven here.";
  if (rules.audiences.length > 0 && !strings(claims.aud).some((audience) => rules.audiences.includes(audience)))
    return `The token's audience is ${shown(claims.aud)}; accepted: ${rules.audiences.join(", ")}.`;
  const clientId = firstText(rules.clients, claims);
  const subject = text(rules.user(claims));
  const scopes = rules.scopes(claims);
  const identityHeaders: string[] = [];
  if (clientId !== null) identityHeaders.push("x-gatewright-client-id", headerSafe(clientId));
  if (subject !== null) identityHeaders.push("x-gatewright-subject", headerSafe(subject));
  identityHeaders.push("x-gatewright-scopes", scopes.map(headerSafe).join(" "));
  return {
    clientId,
    subject,
    scopes,
    environment: rules.environment(claims) === rules.sandboxValue ? "sandbox" : "production",
    claims: rules.keepsClaims === true ? claims : null,
    expiresAtMs,
    boundTo,
    issuedAt: typeof claims.iat === "number" ? claims.iat : null,
    identityHeaders,
  };
}
