import { type ReadyToken, readyToken } from "@/components/token/ready-token";
import type { IssuedTokenView } from "@/lib/management/contract/authorization";

/** A token issued for an application. */
export interface HeldToken extends ReadyToken {
  applicationId: string;
  /** The requested scopes: other scopes need another token. */
  askedScopes: readonly string[];
}

/** Converts an issued token; its expiry counts from `now`. */
export function holdToken(issued: IssuedTokenView, asked: { applicationId: string; scopes: readonly string[] }, now: number): HeldToken {
  return { ...readyToken(issued, now), applicationId: asked.applicationId, askedScopes: [...asked.scopes] };
}

const sameScopes = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((scope) => b.includes(scope));

/** Returns whether a token was issued for this application and these scopes. */
export const isTokenFor = (token: HeldToken, asked: { applicationId: string | null; scopes: readonly string[] }) =>
  token.applicationId === asked.applicationId && sameScopes(token.askedScopes, asked.scopes);

/**
 * In-memory tokens by API. They survive navigation within the console but not a reload, and are never written to browser storage.
 */
const issuedTokens = new Map<string, HeldToken>();
const pastedTokens = new Map<string, string>();

export const heldTokens = {
  issued: (apiId: string) => issuedTokens.get(apiId) ?? null,
  pasted: (apiId: string) => pastedTokens.get(apiId) ?? "",
  keepIssued(apiId: string, token: HeldToken | null) {
    if (token) issuedTokens.set(apiId, token);
    else issuedTokens.delete(apiId);
  },
  keepPasted(apiId: string, token: string) {
    if (token) pastedTokens.set(apiId, token);
    else pastedTokens.delete(apiId);
  },
};

/** Extracts a token from pasted text: removes `Authorization:`, `Bearer`, quotes, and line breaks. */
export function tokenInPaste(text: string): string {
  return text
    .trim()
    .replace(/^authorization:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}
