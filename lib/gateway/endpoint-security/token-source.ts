import type { EndpointSecurityFailureKind } from "./failure";
import type { SharedTokens } from "./shared-tokens";
import type { IssuedToken } from "./token-answer";
import type { Waiters } from "./waiters";

/** What the tokens of one entry are made from. */
export interface TokenSource {
  /** Everything that makes a token, as text that tells nothing: an owner, and a hash behind it. */
  key: string;
  skewMs: number;
  timeoutMs: number;
  useRefreshToken: boolean;
  /** Rejects with {@link EndpointSecurityFailure}. */
  request(refreshToken: string | null, signal: AbortSignal): Promise<IssuedToken>;
}

/** What all entries of a keeper share. */
export interface EntryContext {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Between 0 and 1. */
  random(): number;
  shared: SharedTokens | null;
  /** Called when a token was kept. */
  onKept(): void;
}

/** What people may know about a kept token. All times are milliseconds since the epoch. */
export interface TokenView {
  key: string;
  state: "kept" | "none" | "failing";
  keptSinceMs: number | null;
  expiresAtMs: number | null;
  scope: string | null;
  hasRefreshToken: boolean;
  lastRenewalAtMs: number | null;
  /** How many requests for a token have failed since the last one that did not. */
  renewalFailures: number;
  lastError: { kind: EndpointSecurityFailureKind; message: string; atMs: number } | null;
  /** No token is asked for before this time. */
  retryAtMs: number | null;
  waiting: number;
}

/** One holder of an entry: a compiled endpoint with its settings and its waiting calls. */
export interface EntryHolder {
  source: TokenSource;
  waiters: Waiters;
}
