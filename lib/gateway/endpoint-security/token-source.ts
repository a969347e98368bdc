import type { EndpointSecurityFailureKind } from "./failure";
import type { SharedTokens } from "./shared-tokens";
import type { IssuedToken } from "./token-answer";
import type { Waiters } from "./waiters";

/** How to request the tokens of a cache entry. */
export interface TokenSource {
  /** Owner, followed by a hash of all inputs of the token request. */
  key: string;
  skewMs: number;
  timeoutMs: number;
  useRefreshToken: boolean;
  /** Rejects only with {@link EndpointSecurityFailure}. */
  request(refreshToken: string | null, signal: AbortSignal): Promise<IssuedToken>;
}

/** Dependencies shared by all entries of a cache. */
export interface EntryContext {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Between 0 and 1. */
  random(): number;
  shared: SharedTokens | null;
  /** Called when a token is cached. */
  onKept(): void;
}

/** Status of a cached token, without the token. All times are milliseconds since the epoch. */
export interface TokenView {
  key: string;
  state: "kept" | "none" | "failing";
  keptSinceMs: number | null;
  expiresAtMs: number | null;
  scope: string | null;
  hasRefreshToken: boolean;
  lastRenewalAtMs: number | null;
  /** Number of consecutive failed token requests. */
  renewalFailures: number;
  lastError: { kind: EndpointSecurityFailureKind; message: string; atMs: number } | null;
  /** No token request is sent before this time. */
  retryAtMs: number | null;
  waiting: number;
}

/** A compiled endpoint that uses an entry, with its settings and waiting requests. */
export interface EntryHolder {
  source: TokenSource;
  waiters: Waiters;
}
