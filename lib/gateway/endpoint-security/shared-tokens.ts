import { setTimeout as sleep } from "node:timers/promises";
import { type CachedToken, readCachedToken, writeCachedToken } from "./cached-token";

/** A lease to request one token. */
export interface TokenLock {
  /** Fencing token, higher than that of every earlier lock for this key. */
  readonly fence: number;
  /** Releases the lock if it is still held. */
  release(): Promise<void>;
}

/** Shared token store. Functions can reject or hang; the cache then works without it. */
export interface SharedTokenStore {
  get(key: string): Promise<string | null>;
  /** Writes unless a higher fence has already written this key. Returns whether it wrote. */
  set(key: string, value: string, ttlMs: number, fence: number): Promise<boolean>;
  /** Returns null while another process holds the lock. A lock expires after its TTL. */
  lock(key: string, ttlMs: number): Promise<TokenLock | null>;
  delete(key: string): Promise<void>;
}

/** Encrypts shared values, bound to their key. */
export interface TokenBox {
  seal(plaintext: string, ownerId: string): string;
  /** @throws when the secret key or owner differs, or the value was altered. */
  open(sealed: string, ownerId: string): string;
}

/** Options for sharing tokens. */
export interface SharedTokensOptions {
  store: SharedTokenStore;
  box: TokenBox;
  /** Called with the reason when the store fails, null when it recovers. */
  onState(problem: string | null): void;
  /** Timeout of a store operation, in milliseconds. */
  deadlineMs?: number;
}

const DEADLINE_MS = 200;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 100;

/** The store failed or timed out; the token is requested without it. */
export class StoreUnreachable extends Error {
  override name = "StoreUnreachable";
}

/** How to obtain one token while other gateways may do the same. */
export interface SharedWork {
  key: string;
  skewMs: number;
  lockTtlMs: number;
  signal: AbortSignal;
  /** Whether a shared token can be used. */
  isWanted(token: CachedToken): boolean;
  /** Requests a token. `last` is the last shared token, usable or not. */
  obtain(shared: CachedToken | null): Promise<CachedToken>;
  /** Returns the remaining lifetime in milliseconds; 0 if the token must not be shared. */
  remainingMs(token: CachedToken): number;
}

/** Shares tokens among gateways: one requests, all use. */
export class SharedTokens {
  #isUnreachable = false;
  readonly #deadlineMs: number;

  constructor(private readonly options: SharedTokensOptions) {
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  /**
   * Returns a shared token, or requests one under the lock. While another process holds the lock, waits for its token until the
   * lock expires. If the store fails, requests a token without it.
   */
  async take(work: SharedWork): Promise<CachedToken> {
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
      if (!(error instanceof StoreUnreachable)) throw error;
    }
    return work.obtain(null);
  }

  async #obtainLocked(work: SharedWork, lock: TokenLock): Promise<CachedToken> {
    try {
      // The previous holder may have shared its token between the read and the lock.
      const found = await this.#read(work).catch(() => null);
      if (found !== null && work.isWanted(found)) return found;
      const made = await work.obtain(found);
      return (await this.#share(work, lock, made)) ? made : ((await this.#newer(work)) ?? made);
    } finally {
      this.#within(() => lock.release()).catch(() => undefined);
    }
  }

  /** Returns false when the lock expired and another holder has shared a token since. */
  async #share(work: SharedWork, lock: TokenLock, made: CachedToken): Promise<boolean> {
    const ttlMs = Math.floor(work.remainingMs(made));
    if (ttlMs < 1) return true;
    const sealed = this.options.box.seal(writeCachedToken(made), work.key);
    return this.#within(() => this.options.store.set(work.key, sealed, ttlMs, lock.fence)).catch(() => true);
  }

  /** Returns the newer shared token. All gateways must use it, because some servers revoke the older one. */
  async #newer(work: SharedWork): Promise<CachedToken | null> {
    const found = await this.#read(work).catch(() => null);
    return found !== null && work.isWanted(found) ? found : null;
  }

  /** Deletes the shared token of a key. Never rejects. */
  async delete(key: string): Promise<void> {
    await this.#within(() => this.options.store.delete(key)).catch(() => undefined);
  }

  async #read({ key, skewMs }: SharedWork): Promise<CachedToken | null> {
    const sealed = await this.#within(() => this.options.store.get(key));
    if (sealed === null) return null;
    try {
      return readCachedToken(this.options.box.open(sealed, key), skewMs);
    } catch (error) {
      // Another secret key or an altered value: the next token overwrites it.
      this.options.onState(`Can't decrypt a shared token: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  #lock(key: string, ttlMs: number): Promise<TokenLock | null> {
    let pending: Promise<TokenLock | null> | undefined;
    return this.#within(() => {
      pending = this.options.store.lock(key, ttlMs);
      return pending;
    }).catch((error: unknown) => {
      // A lock granted after the timeout would block the other gateways.
      pending?.then((lock) => lock?.release()).catch(() => undefined);
      throw error;
    });
  }

  /** @throws StoreUnreachable when the store fails or times out. */
  async #within<T>(operation: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const expire = () => reject(new Error(`no response within ${this.#deadlineMs} ms`));
      // One more event-loop turn: a response may have arrived while this process was busy.
      timer = setTimeout(() => setImmediate(expire), this.#deadlineMs);
    });
    try {
      const result = await Promise.race([operation(), tooLate]);
      if (this.#isUnreachable) this.options.onState(null);
      this.#isUnreachable = false;
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#isUnreachable) this.options.onState(`Token sharing failed: ${reason}`);
      this.#isUnreachable = true;
      throw new StoreUnreachable(reason);
    } finally {
      clearTimeout(timer);
    }
  }
}
