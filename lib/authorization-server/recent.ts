import { LRUCache } from "lru-cache";
import { SHARED_READ_TIMEOUT_MS, within } from "@/lib/platform/database-unavailable";

/** Cache TTL: a deactivation applies everywhere within this time. */
const FRESH_MS = 500;

interface Entry<V> {
  value: V | null;
  /** The value as JSON, to detect an unchanged one. */
  text: string;
  /** Start of the read, in milliseconds of `performance.now()`. */
  checkedAt: number;
  /** When a failed read extended it. */
  renewedAt: number;
}

/** A read in progress. */
interface Load<V> {
  /** Milliseconds of `performance.now()`. */
  beganAt: number;
  answer: Promise<V | null>;
}

const isRecent = (at: number): boolean => performance.now() - at < FRESH_MS;

/**
 * A cache of at most `max` values with a TTL of 500 ms. An unchanged value stays the same object, so derived values (decrypted
 * keys, compiled expressions) can be cached by it.
 */
export class Recent<V> {
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #loads = new Map<string, Load<V>>();

  constructor(
    max: number,
    private readonly read: (key: string) => Promise<V | null>,
  ) {
    this.#entries = new LRUCache({ max });
  }

  /** The cached value, also one extended by `renew`; undefined when it must be read. */
  fresh(key: string): V | null | undefined {
    const known = this.#entries.get(key);
    return known && isRecent(Math.max(known.checkedAt, known.renewedAt)) ? known.value : undefined;
  }

  /** The last known value, however old. */
  last(key: string): V | null | undefined {
    return this.#entries.peek(key)?.value;
  }

  /**
   * Reads a value; concurrent callers share one read. A caller more than 500 ms after its start gets a new read, and a read that was
   * invalidated while it ran isn't cached.
   * @throws DatabaseUnavailable after {@link SHARED_READ_TIMEOUT_MS}; the next call reads again
   */
  load(key: string): Promise<V | null> {
    const running = this.#loads.get(key);
    if (running && isRecent(running.beganAt)) return running.answer;
    if (running) return running.answer.then(() => this.find(key));
    const beganAt = performance.now();
    const loading: Load<V> = {
      beganAt,
      answer: within(this.read(key), SHARED_READ_TIMEOUT_MS)
        .then((value) => (this.#loads.get(key) === loading ? this.#store(key, value, beganAt) : value))
        .finally(() => {
          if (this.#loads.get(key) === loading) this.#loads.delete(key);
        }),
    };
    this.#loads.set(key, loading);
    return loading.answer;
  }

  /** The value if it was read within the last 500 ms, otherwise a new read. */
  find(key: string): Promise<V | null> {
    const known = this.#entries.get(key);
    return known && isRecent(known.checkedAt) ? Promise.resolve(known.value) : this.load(key);
  }

  /** Extends the last known value for `fresh` (not `find`) after a failed read. */
  renew(key: string): void {
    const known = this.#entries.peek(key);
    if (known) known.renewedAt = performance.now();
  }

  /** Forces the next read but keeps the value for `last`, after a write that leaves it usable. */
  markStale(key: string): void {
    const known = this.#entries.peek(key);
    if (known) Object.assign(known, { checkedAt: Number.NEGATIVE_INFINITY, renewedAt: Number.NEGATIVE_INFINITY });
    this.#loads.delete(key);
  }

  /** Forces the next read and deletes the value, after a write that makes it unusable. */
  invalidate(key: string): void {
    this.#entries.delete(key);
    this.#loads.delete(key);
  }

  #store(key: string, value: V | null, checkedAt: number): V | null {
    const text = JSON.stringify(value);
    const known = this.#entries.peek(key);
    const same = known?.text === text ? known.value : value;
    this.#entries.set(key, { value: same, text, checkedAt, renewedAt: checkedAt });
    return same;
  }
}
