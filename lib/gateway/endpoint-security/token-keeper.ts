import type { CachedToken } from "./cached-token";
import type { AuthorizedCall } from "./contract";
import { SharedTokens, type SharedTokensOptions } from "./shared-tokens";
import { RELEASED, TokenEntry } from "./token-entry";
import type { EntryContext, EntryHolder, TokenSource, TokenView } from "./token-source";
import { Waiters } from "./waiters";

/** Options of a token cache. */
export interface TokenKeeperOptions {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Between 0 and 1; spreads the retries of gateways. */
  random?: () => number;
  /** Shared token store; null caches in this process only. */
  shared?: SharedTokensOptions | null;
  /** Maximum number of cached tokens; the least recently used is evicted. */
  maxTokens?: number;
}

/** Limits for an endpoint's waiting requests. */
export interface WaitOptions {
  /** Maximum time that a request waits for a token, in milliseconds. */
  waitMs: number;
  /** Maximum number of waiting requests of the endpoint. */
  maxWaiting?: number | undefined;
}

/** Access to the token of one endpoint. */
export interface CachedTokenHandle {
  /** Returns synchronously if a token is cached. A promise rejects only with EndpointSecurityFailure. */
  get(call: AuthorizedCall): CachedToken | Promise<CachedToken>;
  /** Invalidates this token if it is still cached. Returns whether a new one may be requested. */
  evict(accessToken: string): boolean;
  view(): TokenView;
  /** Fails waiting requests with `released`. The last holder's release clears the token. */
  release(): void;
}

const MAX_TOKENS = 10_000;
const MAX_WAITING = 2000;

/** Caches the tokens of all endpoints of a gateway, with one request per token, and none without traffic. */
export class TokenKeeper {
  readonly #entries = new Map<string, TokenEntry>();
  readonly #context: EntryContext;
  readonly #maxTokens: number;

  constructor(options: TokenKeeperOptions) {
    this.#maxTokens = options.maxTokens ?? MAX_TOKENS;
    this.#context = {
      now: options.now,
      random: options.random ?? Math.random,
      shared: options.shared ? new SharedTokens(options.shared) : null,
      onKept: () => this.#makeRoom(),
    };
  }

  /** Acquires the token of a source. Holders of equal sources share it, so a redeployment reuses unchanged tokens. */
  take(source: TokenSource, { waitMs, maxWaiting = MAX_WAITING }: WaitOptions): CachedTokenHandle {
    const entry = this.#entries.get(source.key) ?? new TokenEntry(source.key, this.#context);
    this.#entries.set(source.key, entry);
    const holder: EntryHolder = { source, waiters: new Waiters(maxWaiting, waitMs) };
    entry.holders.add(holder);
    return {
      get: (call) => entry.get(holder, call),
      evict: (accessToken) => entry.evict(accessToken),
      view: () => entry.view(),
      release: () => this.#release(entry, holder),
    };
  }

  #release(entry: TokenEntry, holder: EntryHolder): void {
    if (!entry.holders.has(holder)) return;
    if (entry.holders.size === 1) {
      entry.end();
      this.#entries.delete(entry.key);
      return;
    }
    entry.holders.delete(holder);
    holder.waiters.settle(RELEASED);
  }

  /** Returns the tokens whose key starts with the owner. */
  view(owner = ""): TokenView[] {
    return this.#of(owner).map((entry) => entry.view());
  }

  /** Clears an owner's tokens, here and in the shared store. Other gateways' memory is unaffected. */
  async drop(owner: string): Promise<void> {
    await Promise.all(this.#of(owner).map((entry) => entry.drop()));
  }

  #of(owner: string): TokenEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.key.startsWith(owner));
  }

  #makeRoom(): void {
    if (this.#entries.size <= this.#maxTokens) return;
    const kept = [...this.#entries.values()].filter((entry) => entry.isKept);
    if (kept.length <= this.#maxTokens) return;
    kept.sort((a, b) => a.lastUsedAtMs - b.lastUsedAtMs);
    for (const entry of kept.slice(0, kept.length - this.#maxTokens)) entry.forget();
  }

  /** Aborts all in-flight token requests. */
  release(): void {
    for (const entry of this.#entries.values()) entry.end();
    this.#entries.clear();
  }
}
