import { backOffMs } from "./back-off";
import { type CachedToken, keptToken } from "./cached-token";
import type { AuthorizedCall } from "./contract";
import { EndpointSecurityFailure } from "./failure";
import type { EntryContext, EntryHolder, TokenSource, TokenView } from "./token-source";

/** A token rejected after this time had been valid, so replacing it doesn't count toward the back-off. */
const SETTLED_MS = 60_000;
/** Lock time in addition to the token request's timeout. */
const LOCK_MARGIN_MS = 1000;

/** Failure of requests that wait for a token of an undeployed endpoint. */
export const RELEASED = new EndpointSecurityFailure("released", "The endpoint is no longer deployed.");

/** Caches and renews one backend token; queues requests that need it. Renews only on request, never by timer. */
export class TokenEntry {
  lastUsedAtMs = 0;
  readonly holders = new Set<EntryHolder>();
  #kept: CachedToken | null = null;
  #flight: AbortController | null = null;
  #refreshToken: string | null = null;
  /** The token last rejected by a backend: never used again, also if another gateway shares it. */
  #evicted: string | null = null;
  #failures = 0;
  #failure: { cause: EndpointSecurityFailure; atMs: number } | null = null;
  #retryAtMs = 0;
  #evictions = 0;
  #evictAgainAtMs = 0;
  #renewedAtMs: number | null = null;

  constructor(
    readonly key: string,
    private readonly context: EntryContext,
  ) {}

  get isKept(): boolean {
    return this.#kept !== null;
  }

  /** Returns the cached token, or a promise that rejects only with {@link EndpointSecurityFailure}. */
  get(holder: EntryHolder, call: AuthorizedCall): CachedToken | Promise<CachedToken> {
    const now = this.context.now();
    const kept = this.#kept;
    if (kept === null || now >= kept.expiresAtMs) return this.#wait(holder, call, now);
    this.lastUsedAtMs = now;
    if (now >= kept.renewAtMs && this.#flight === null && now >= this.#retryAtMs) this.#start();
    return kept;
  }

  #wait(holder: EntryHolder, call: AuthorizedCall, now: number): Promise<CachedToken> {
    this.lastUsedAtMs = now;
    // A released holder is never notified.
    if (!this.holders.has(holder)) return Promise.reject(RELEASED);
    if (call.caller.gone) return Promise.reject(new EndpointSecurityFailure("callerGone", "The client disconnected."));
    if (this.#flight === null && now < this.#retryAtMs && this.#failure)
      return Promise.reject(this.#failure.cause.during(this.#retryAtMs - now));
    const waiting = holder.waiters.wait(call);
    if (this.#flight === null) this.#start();
    return waiting;
  }

  #start(): void {
    const flight = new AbortController();
    this.#flight = flight;
    this.#obtain(flight.signal).then(
      (token) => this.#settle(flight, token),
      (error: unknown) => this.#settle(flight, toFailure(error)),
    );
  }

  #settle(flight: AbortController, outcome: CachedToken | EndpointSecurityFailure): void {
    if (this.#flight !== flight) return;
    this.#flight = null;
    const now = this.context.now();
    if (outcome instanceof EndpointSecurityFailure) {
      this.#failures += 1;
      this.#failure = { cause: outcome, atMs: now };
      const retryAfterMs = (outcome.retryAfterSeconds ?? 0) * 1000;
      this.#retryAtMs = now + Math.max(retryAfterMs, backOffMs(this.#failures, this.context.random()));
    } else {
      this.#failures = 0;
      this.#failure = null;
      this.#retryAtMs = 0;
      this.#renewedAtMs = now;
      this.#refreshToken = outcome.refreshToken;
      this.#kept = outcome.expiresAtMs > now ? outcome : null;
      if (this.#kept) this.context.onKept();
    }
    for (const holder of this.holders) holder.waiters.settle(outcome);
  }

  /** Returns the newest deployment's settings: an older one's connections may be closing. */
  #source(): TokenSource {
    const source = [...this.holders].at(-1)?.source;
    if (!source) throw RELEASED;
    return source;
  }

  async #obtain(signal: AbortSignal): Promise<CachedToken> {
    const { shared, now } = this.context;
    const { skewMs, timeoutMs } = this.#source();
    if (shared === null) return this.#request(this.#refreshToken, signal);
    // A renewal needs a token that isn't due itself; without a token, any unexpired one will do.
    const isRenewal = this.#kept !== null && now() < this.#kept.expiresAtMs;
    return shared.take({
      key: this.key,
      skewMs,
      lockTtlMs: timeoutMs + LOCK_MARGIN_MS,
      signal,
      isWanted: (token) => token.accessToken !== this.#evicted && now() < (isRenewal ? token.renewAtMs : token.expiresAtMs),
      obtain: (last) => this.#request(last !== null && last.accessToken !== this.#evicted ? last.refreshToken : this.#refreshToken, signal),
      remainingMs: (token) => token.expiresAtMs - now(),
    });
  }

  /** Sends one token request, and a second only if the server rejects the refresh token. */
  async #request(refreshToken: string | null, signal: AbortSignal): Promise<CachedToken> {
    const { now } = this.context;
    const { request, skewMs, useRefreshToken } = this.#source();
    if (refreshToken !== null && useRefreshToken) {
      const requestedAtMs = now();
      try {
        return keptToken(await request(refreshToken, signal), requestedAtMs, refreshToken, skewMs);
      } catch (error) {
        const kind = error instanceof EndpointSecurityFailure ? error.kind : null;
        if (kind !== "refused" && kind !== "notAToken") throw error;
        this.#refreshToken = null;
      }
    }
    const requestedAtMs = now();
    return keptToken(await request(null, signal), requestedAtMs, null, skewMs);
  }

  /**
   * Invalidates a token that a backend rejected; a newer one stays. Returns whether a new one may be requested: false during the
   * back-off for a backend that rejects every new token.
   */
  evict(accessToken: string): boolean {
    const kept = this.#kept;
    if (kept?.accessToken !== accessToken) return true;
    const now = this.context.now();
    if (now < this.#evictAgainAtMs) return false;
    this.#evictions = now - kept.obtainedAtMs >= SETTLED_MS ? 1 : this.#evictions + 1;
    this.#evictAgainAtMs = now + backOffMs(this.#evictions, this.context.random());
    this.#evicted = accessToken;
    this.#kept = null;
    // The refresh token of a revoked grant is revoked too.
    this.#refreshToken = null;
    return true;
  }

  /** Clears the token in this process only. */
  forget(): void {
    this.#kept = null;
    this.#refreshToken = null;
  }

  /** Clears the token and all failures, here and in the shared store. The next request gets a new token. */
  async drop(): Promise<void> {
    const dropped = this.#kept?.accessToken ?? null;
    this.forget();
    this.#evicted = dropped ?? this.#evicted;
    this.#failures = 0;
    this.#failure = null;
    this.#retryAtMs = 0;
    this.#evictions = 0;
    this.#evictAgainAtMs = 0;
    // Discard an in-flight token; waiting requests get one requested after the clear.
    this.#flight?.abort();
    this.#flight = null;
    await this.context.shared?.delete(this.key);
    if (this.#flight === null && this.#waiting() > 0) this.#start();
  }

  #waiting(): number {
    let waiting = 0;
    for (const { waiters } of this.holders) waiting += waiters.size;
    return waiting;
  }

  view(): TokenView {
    const now = this.context.now();
    const kept = this.#kept !== null && now < this.#kept.expiresAtMs ? this.#kept : null;
    const failure = this.#failure;
    return {
      key: this.key,
      state: kept ? "kept" : failure ? "failing" : "none",
      keptSinceMs: kept?.obtainedAtMs ?? null,
      expiresAtMs: kept?.expiresAtMs ?? null,
      scope: kept?.scope ?? null,
      hasRefreshToken: this.#refreshToken !== null,
      lastRenewalAtMs: this.#renewedAtMs,
      renewalFailures: this.#failures,
      lastError: failure ? { kind: failure.cause.kind, message: failure.cause.message, atMs: failure.atMs } : null,
      retryAtMs: this.#retryAtMs > now ? this.#retryAtMs : null,
      waiting: this.#waiting(),
    };
  }

  /** Aborts the in-flight token request. */
  end(): void {
    this.#flight?.abort();
    this.#flight = null;
    this.forget();
    for (const holder of this.holders) holder.waiters.settle(RELEASED);
    this.holders.clear();
  }
}

function toFailure(error: unknown): EndpointSecurityFailure {
  if (error instanceof EndpointSecurityFailure) return error;
  // Unexpected errors must reach the waiting requests too.
  return new EndpointSecurityFailure("serverError", `Can't obtain a token: ${error instanceof Error ? error.message : String(error)}`);
}
