import { setTimeout as sleep } from "node:timers/promises";
import { type KeptToken, readKeptToken, writeKeptToken } from "./kept-token";

/** The right to ask for one token, for a bounded time. */
export interface TokenLock {
  /** The fencing number: higher than that of every lock for this key before. */
  readonly fence: number;
  /** Gives the lock back, if it is still this one. */
  release(): Promise<void>;
}

/** Where gateways share tokens. Every function may reject, and may never settle: the keeper goes on without it. */
export interface SharedTokenStore {
  get(key: string): Promise<string | null>;
  /** Writes unless a lock with a higher number has written under this key; answers whether it wrote. */
  set(key: string, value: string, ttlMs: number, fence: number): Promise<boolean>;
  /** Null while someone else holds it. It ends by itself after its time. */
  lock(key: string, ttlMs: number): Promise<TokenLock | null>;
  delete(key: string): Promise<void>;
}

/** Seals what leaves the process, bound to its key. */
export interface TokenBox {
  seal(plaintext: string, ownerId: string): string;
  /** @throws when the key, the owner or a bit is wrong. */
  open(sealed: string, ownerId: string): string;
}

/** What a keeper needs to share its tokens. */
export interface SharedTokensOptions {
  store: SharedTokenStore;
  box: TokenBox;
  /** Told why the store was not of use, and null when it is again. */
  onState(problem: string | null): void;
  /** How long one operation of the store may take, in milliseconds. */
  deadlineMs?: number;
}

const DEADLINE_MS = 200;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 100;

/** The store did not do what it was asked; what is to be done goes on without it. */
export class StoreAway extends Error {
  override name = "StoreAway";
}

/** What to do for one token while others may be doing the same. */
export interface SharedWork {
  key: string;
  skewMs: number;
  lockTtlMs: number;
  signal: AbortSignal;
  /** Whether a token that someone else got is what is wanted. */
  isWanted(token: KeptToken): boolean;
  /** Asks for a token. Given is what was shared last, wanted or not. */
  obtain(shared: KeptToken | null): Promise<KeptToken>;
  /** Whether a token is worth sharing at this time, and for how many milliseconds; 0 when it is not. */
  remainingMs(token: KeptToken): number;
}

/** Shares tokens with other gateways: one of them asks, all of them use. */
export class SharedTokens {
  #isAway = false;
  readonly #deadlineMs: number;

  constructor(private readonly options: SharedTokensOptions) {
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  /**
   * A token that someone shared or that is asked for under the lock. While another holds the lock, its result is waited for,
   * until the lock ends with its holder. Whatever the store does, a token is asked for in the end.
   */
  async take(work: SharedWork): Promise<KeptToken> {
    const { key, lockTtlMs, signal, isWanted } = work;
    const waitUntil = performance.now() + lockTtlMs + 2 * MAX_PAUSE_MS;
    try {
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
        const found = await this.#read(work);
        if (found !== null && isWanted(found)) return found;
        const lock = await this.#lock(key, lockTtlMs);
        if (lock !== null) return await this.#obtainLocked(work, lock);
        if (performance.now() >= waitUntil) break;
        await sleep(pauseMs, undefined, { signal });
      }
    } catch (error) {
      if (!(error instanceof StoreAway)) throw error;
    }
    return work.obtain(null);
  }

  async #obtainLocked(work: SharedWork, lock: TokenLock): Promise<KeptToken> {
    try {
      // The former holder may have shared its token between the look and the lock.
      const found = await this.#read(work).catch(() => null);
      if (found !== null && work.isWanted(found)) return found;
      const made = await work.obtain(found);
      return (await this.#share(work, lock, made)) ? made : ((await this.#newer(work)) ?? made);
    } finally {
      this.#within(() => lock.release()).catch(() => undefined);
    }
  }

  /** Answers false when another holder has shared a token since, because this lock had ended. */
  async #share(work: SharedWork, lock: TokenLock, made: KeptToken): Promise<boolean> {
    const ttlMs = Math.floor(work.remainingMs(made));
    if (ttlMs < 1) return true;
    const sealed = this.options.box.seal(writeKeptToken(made), work.key);
    return this.#within(() => this.options.store.set(work.key, sealed, ttlMs, lock.fence)).catch(() => true);
  }

  /** The token that won over one that came too late: all gateways use the same, because some servers end the older one. */
  async #newer(work: SharedWork): Promise<KeptToken | null> {
    const found = await this.#read(work).catch(() => null);
    return found !== null && work.isWanted(found) ? found : null;
  }

  /** Forgets what is shared under a key. It never rejects. */
  async delete(key: string): Promise<void> {
    await this.#within(() => this.options.store.delete(key)).catch(() => undefined);
  }

  async #read({ key, skewMs }: SharedWork): Promise<KeptToken | null> {
    const sealed = await this.#within(() => this.options.store.get(key));
    if (sealed === null) return null;
    try {
      return readKeptToken(this.options.box.open(sealed, key), skewMs);
    } catch (error) {
      // Another secret key or a damaged value: it is overwritten by the next token.
      this.options.onState(`A shared token cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  #lock(key: string, ttlMs: number): Promise<TokenLock | null> {
    let asked: Promise<TokenLock | null> | undefined;
    return this.#within(() => {
      asked = this.options.store.lock(key, ttlMs);
      return asked;
    }).catch((error: unknown) => {
      // Granted after all, it would keep the other gateways waiting for nobody.
      asked?.then((lock) => lock?.release()).catch(() => undefined);
      throw error;
    });
  }

  /** @throws StoreAway when the store fails or takes too long. */
  async #within<T>(operation: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const expire = () => reject(new Error(`no answer within ${this.#deadlineMs} ms`));
      // One more turn: an answer that came while this process was busy is not late.
      timer = setTimeout(() => setImmediate(expire), this.#deadlineMs);
    });
    try {
      const result = await Promise.race([operation(), tooLate]);
      if (this.#isAway) this.options.onState(null);
      this.#isAway = false;
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#isAway) this.options.onState(`Tokens are not shared at the moment: ${reason}`);
      this.#isAway = true;
      throw new StoreAway(reason);
    } finally {
      clearTimeout(timer);
    }
  }
}
