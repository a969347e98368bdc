import { LRUCache } from "lru-cache";
import { SHARED_READ_TIMEOUT_MS, within } from "@/lib/platform/database-unavailable";

/** How old an answer from memory may be: what is switched off is refused everywhere after this long. */
const FRESH_MS = 500;

interface Entry<V> {
  value: V | null;
  /** The value as JSON, by which an unchanged one is recognised. */
  text: string;
  /** Milliseconds of `performance.now()` when the read began. */
  checkedAt: number;
  /** The same when it could not be read and was taken for fresh once more. */
  renewedAt: number;
}

/** A read that runs. */
interface Load<V> {
  /** Milliseconds of `performance.now()` */
  beganAt: number;
  answer: Promise<V | null>;
}

const isRecent = (at: number): boolean => performance.now() - at < FRESH_MS;

/**
 * What was read within the last half second, at most `max` of it. While what is read stays the same, it stays the same
 * object, so that what was made of it (keys opened, expressions compiled) can be kept by it.
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

  /** What is known at this moment, or was taken for fresh (`renew`); undefined when it has to be read. */
  fresh(key: string): V | null | undefined {
    const known = this.#entries.get(key);
    return known && isRecent(Math.max(known.checkedAt, known.renewedAt)) ? known.value : undefined;
  }

  /** What was known last, however old. */
  last(key: string): V | null | undefined {
    return this.#entries.peek(key)?.value;
  }

  /**
   * Reads it, once for all who ask at the same time. Who asks when a read has been under way for long waits for another one,
   * because the first may have seen what is no longer so. What was forgotten while it was read is not kept.
   * @throws DatabaseUnavailable when it takes longer than {@link SHARED_READ_TIMEOUT_MS}; the next one reads anew then
   */
  load(key: string): Promise<V | null> {
    const running = this.#loads.get(key);
    if (running && isRecent(running.beganAt)) return running.answer;
    if (running) return running.answer.then(() => this.find(key));
    const beganAt = performance.now();
    const loading: Load<V> = {
      beganAt,
      answer: within(this.read(key), SHARED_READ_TIMEOUT_MS)
        .then((value) => (this.#loads.get(key) === loading ? this.#keep(key, value, beganAt) : value))
        .finally(() => {
          if (this.#loads.get(key) === loading) this.#loads.delete(key);
        }),
    };
    this.#loads.set(key, loading);
    return loading.answer;
  }

  /** From memory when it was read within the last half second, otherwise read. */
  find(key: string): Promise<V | null> {
    const known = this.#entries.get(key);
    return known && isRecent(known.checkedAt) ? Promise.resolve(known.value) : this.load(key);
  }

  /** Takes what was known last for fresh once more, when it cannot be read: for `fresh`, not for `find`. */
  renew(key: string): void {
    const known = this.#entries.peek(key);
    if (known) known.renewedAt = performance.now();
  }

  /** Makes the next question read, and keeps what was known for `last`: for a write that makes nothing invalid. */
  outdate(key: string): void {
    const known = this.#entries.peek(key);
    if (known) Object.assign(known, { checkedAt: Number.NEGATIVE_INFINITY, renewedAt: Number.NEGATIVE_INFINITY });
    this.#loads.delete(key);
  }

  /** Makes the next question read, and forgets what was known: for a write after which it must not be served. */
  forget(key: string): void {
    this.#entries.delete(key);
    this.#loads.delete(key);
  }

  #keep(key: string, value: V | null, checkedAt: number): V | null {
    const text = JSON.stringify(value);
    const known = this.#entries.peek(key);
    const same = known?.text === text ? known.value : value;
    this.#entries.set(key, { value: same, text, checkedAt, renewedAt: checkedAt });
    return same;
  }
}
