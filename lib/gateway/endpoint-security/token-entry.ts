import { backOffMs } from "./back-off";
import type { AuthorizedCall } from "./contract";
import { EndpointSecurityFailure } from "./failure";
import { type KeptToken, keptToken } from "./kept-token";
import type { EntryContext, EntryHolder, TokenSource, TokenView } from "./token-source";

/** A token that lived this long before a backend refused it was good: getting it again is no sign of a loop. */
const SETTLED_MS = 60_000;
/** What the lock of a shared request has beyond the request's own time. */
const LOCK_MARGIN_MS = 1000;

/** What calls hear that waited for a token of an endpoint that is gone. */
export const RELEASED = new EndpointSecurityFailure("released", "The endpoint is not deployed any more.");

/** The one token of everything that makes a token, its renewal, and the calls that wait for it. Nothing runs in it without a call. */
export class TokenEntry {
  lastUsedAtMs = 0;
  readonly holders = new Set<EntryHolder>();
  #kept: KeptToken | null = null;
  #flight: AbortController | null = null;
  #refreshToken: string | null = null;
  /** What a backend refused last: never used again, wherever it comes from. */
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

  /** The kept token, or one that is waited for. A promise rejects with {@link EndpointSecurityFailure}. */
  get(holder: EntryHolder, call: AuthorizedCall): KeptToken | Promise<KeptToken> {
    const now = this.context.now();
    const kept = this.#kept;
    if (kept === null || now >= kept.expiresAtMs) return this.#wait(holder, call, now);
    this.lastUsedAtMs = now;
    if (now >= kept.renewAtMs && this.#flight === null && now >= this.#retryAtMs) this.#start();
    return kept;
  }

  #wait(holder: EntryHolder, call: AuthorizedCall, now: number): Promise<KeptToken> {
    this.lastUsedAtMs = now;
    // Nobody would tell it of a token.
    if (!this.holders.has(holder)) return Promise.reject(RELEASED);
    if (call.caller.gone) return Promise.reject(new EndpointSecurityFailure("callerGone", "The caller went away."));
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

  #settle(flight: AbortController, outcome: KeptToken | EndpointSecurityFailure): void {
    if (this.#flight !== flight) return;
    this.#flight = null;
    const now = this.context.now();
    if (outcome instanceof EndpointSecurityFailure) {
      this.#failures += 1;
      this.#failure = { cause: outcome, atMs: now };
      const ownWish = (outcome.retryAfterSeconds ?? 0) * 1000;
      this.#retryAtMs = now + Math.max(ownWish, backOffMs(this.#failures, this.context.random()));
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

  /** The settings of the newest deployment: those of an older one may hold connections that close. */
  #source(): TokenSource {
    const source = [...this.holders].at(-1)?.source;
    if (!source) throw RELEASED;
    return source;
  }

  async #obtain(signal: AbortSignal): Promise<KeptToken> {
    const { shared, now } = this.context;
    const { skewMs, timeoutMs } = this.#source();
    if (shared === null) return this.#ask(this.#refreshToken, signal);
    // Only a token that itself is not due is of use to who renews; who has none takes any that still lives.
    const isRenewal = this.#kept !== null && now() < this.#kept.expiresAtMs;
    return shared.take({
      key: this.key,
      skewMs,
      lockTtlMs: timeoutMs + LOCK_MARGIN_MS,
      signal,
      isWanted: (token) => token.accessToken !== this.#evicted && now() < (isRenewal ? token.renewAtMs : token.expiresAtMs),
      obtain: (last) => this.#ask(last !== null && last.accessToken !== this.#evicted ? last.refreshToken : this.#refreshToken, signal),
      remainingMs: (token) => token.expiresAtMs - now(),
    });
  }

  /** One token request; a second one only when a refresh token was refused. */
  async #ask(refreshToken: string | null, signal: AbortSignal): Promise<KeptToken> {
    const { now } = this.context;
    const { request, skewMs, useRefreshToken } = this.#source();
    if (refreshToken !== null && useRefreshToken) {
      const askedAtMs = now();
      try {
        return keptToken(await request(refreshToken, signal), askedAtMs, refreshToken, skewMs);
      } catch (error) {
        const kind = error instanceof EndpointSecurityFailure ? error.kind : null;
        if (kind !== "refused" && kind !== "notAToken") throw error;
        this.#refreshToken = null;
      }
    }
    const askedAtMs = now();
    return keptToken(await request(null, signal), askedAtMs, null, skewMs);
  }

  /**
   * Drops this very token, which a backend refused; a newer one stays. Answers whether another one is to be had: not when the
   * backend refuses token after token, which is then asked for ever more seldom.
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
    // What was granted together with it may have ended together with it.
    this.#refreshToken = null;
    return true;
  }

  /** Forgets the token in this process alone. */
  forget(): void {
    this.#kept = null;
    this.#refreshToken = null;
  }

  /** Forgets the token and all failures here and in the shared store: the next call asks for a new one. */
  async drop(): Promise<void> {
    const dropped = this.#kept?.accessToken ?? null;
    this.forget();
    this.#evicted = dropped ?? this.#evicted;
    this.#failures = 0;
    this.#failure = null;
    this.#retryAtMs = 0;
    this.#evictions = 0;
    this.#evictAgainAtMs = 0;
    // What is under way was asked for before; calls that wait get what is asked for after.
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

  /** Gives up what is under way. */
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
  // Nothing else is expected here; a call that waits must hear of it all the same.
  return new EndpointSecurityFailure(
    "serverError",
    `A token could not be obtained: ${error instanceof Error ? error.message : String(error)}`,
  );
}
