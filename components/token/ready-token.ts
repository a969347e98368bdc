import type { IssuedTokenView } from "@/lib/management/contract/authorization";

/** An issued token. */
export interface ReadyToken {
  accessToken: string;
  scopes: readonly string[];
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Converts an issued token; its expiry counts from `now`. */
export const readyToken = (issued: IssuedTokenView, now: number): ReadyToken => ({
  accessToken: issued.accessToken,
  scopes: issued.scope ? issued.scope.split(" ") : [],
  expiresAt: now + issued.expiresIn * 1000,
});
