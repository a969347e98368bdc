import type { IssuedTokenView } from "@/lib/management/contract/authorization";

/** A token that was just issued. */
export interface ReadyToken {
  accessToken: string;
  scopes: readonly string[];
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** An issued token with its end counted from when the answer arrived. */
export const readyToken = (issued: IssuedTokenView, now: number): ReadyToken => ({
  accessToken: issued.accessToken,
  scopes: issued.scope ? issued.scope.split(" ") : [],
  expiresAt: now + issued.expiresIn * 1000,
});
