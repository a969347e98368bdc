import type { AuthorizedCall } from "./contract";
import type { KeptToken } from "./kept-token";
import { SharedTokens, type SharedTokensOptions } from "./shared-tokens";
import { RELEASED, TokenEntry } from "./token-entry";
import type { EntryContext, EntryHolder, TokenSource, TokenView } from "./token-source";
import { Waiters } from "./waiters";

/** What a keeper is made with. */
export interface TokenKeeperOptions {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Between 0 and 1; spreads what gateways repeat. */
  random?: () => number;
  /** Where gateways share tokens; null keeps them in this process alone. */
  shared?: SharedTokensOptions | null;
  /** How many tokens are kept at most; the one that was not used for the longest time goes first. */
  maxTokens?: number;
}

/** How calls of an endpoint wait. */
export interface WaitOptions {
  /** How long a call waits for a token, in milliseconds. */
  waitMs: number;
  /** How many calls of the endpoint wait at most. */
  maxWaiting?: number | undefined;
}

/** The token of one endpoint, as its authorizer uses it. */
export interface KeptTokenHandle {
  /** At once when a token is kept. A promise rejects with EndpointSecurityFailure. */
  get(call: AuthorizedCall): KeptToken | Promise<KeptToken>;
  /** Drops this very token; answers whether another one may be asked for. */
  evict(accessToken: string): boolean;
  view(): TokenView;
  /** Calls that wait fail with `released`. The token goes with its last holder. */
  release(): void;
}

const MAX_TOKENS = 10_000;
const MAX_WAITING = 2000;

/** Keeps the tokens of all endpoints of a gateway: one request for each, whoever needs it, and nothing without traffic. */
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

  /** Holds the token of a source. Who holds the same source shares it, so that a redeployment keeps what it did not change. */
  take(source: TokenSource, { waitMs, maxWaiting = MAX_WAITING }: WaitOptions): KeptTokenHandle {
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

  /** What is kept for an owner: every key that begins with it. */
  view(owner = ""): TokenView[] {
    return this.#of(owner).map((entry) => entry.view());
  }

  /** Drops the tokens of an owner, here and where they are shared. Other gateways keep what they have in memory. */
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

  /** Gives up everything that is under way. */
  release(): void {
    for (const entry of this.#entries.values()) entry.end();
    this.#entries.clear();
  }
}
