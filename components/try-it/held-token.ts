import { type ReadyToken, readyToken } from "@/components/token/ready-token";
import type { IssuedTokenView } from "@/lib/management/contract/authorization";

/** A token that one click got for an application. */
export interface HeldToken extends ReadyToken {
  applicationId: string;
  /** The scopes that were asked for: other ones need another token. */
  askedScopes: readonly string[];
}

/** The token as it is held, counted from when its answer arrived. */
export function holdToken(issued: IssuedTokenView, asked: { applicationId: string; scopes: readonly string[] }, now: number): HeldToken {
  return { ...readyToken(issued, now), applicationId: asked.applicationId, askedScopes: [...asked.scopes] };
}

const sameScopes = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((scope) => b.includes(scope));

/** Whether a held token is the one that this choice of application and scopes would get. */
export const isTokenFor = (token: HeldToken, asked: { applicationId: string | null; scopes: readonly string[] }) =>
  token.applicationId === asked.applicationId && sameScopes(token.askedScopes, asked.scopes);

/**
 * Tokens of this page's lifetime, by API: they outlive a look at another tab of the console, and a reload ends them.
 * They are never written to any store of the browser.
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

/** The token within what people paste: with or without `Bearer`, quotes and line breaks around it. */
export function tokenInPaste(text: string): string {
  return text
    .trim()
    .replace(/^authorization:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}
