/** How much a {@link RecentMap} remembers. */
export interface RecentMapRules<V> {
  /** Keys that are remembered at least, as long as their values fit; 1 or more. At most twice as many are. */
  recent: number;
  /** Bytes that all values take at most. One that takes more than half of them is remembered all the same. No bound without it. */
  bytesMax?: number;
  /** The bytes that a value takes; always the same for one value. */
  bytesOf?(value: V): number;
}

interface Generation<V> {
  readonly values: Map<string, V>;
  bytes: number;
}

/**
 * A bounded map that remembers at least the last `recent` keys that were set or read, and at most twice as many, within its bytes.
 * It has two generations: a full young one becomes the old one, and what was in the old one and was not used since is gone. A
 * look-up of what is in use is one look-up in a plain Map, and an empty one takes no memory beforehand, as a gateway
 * with a thousand APIs needs it.
 */
export class RecentMap<V extends object> {
  #young: Generation<V> = { values: new Map(), bytes: 0 };
  #old: Generation<V> = { values: new Map(), bytes: 0 };
  readonly #recent: number;
  readonly #bytesMax: number;
  readonly #bytesOf: (value: V) => number;

  constructor({ recent, bytesMax = Number.POSITIVE_INFINITY, bytesOf = () => 0 }: RecentMapRules<V>) {
    this.#recent = recent;
    this.#bytesMax = bytesMax / 2;
    this.#bytesOf = bytesOf;
  }

  get(key: string): V | undefined {
    const value = this.#young.values.get(key);
    if (value !== undefined) return value;
    const old = this.#old.values.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    this.delete(key);
    const bytes = this.#bytesOf(value);
    const { values, bytes: held } = this.#young;
    if (values.size >= this.#recent || (values.size > 0 && held + bytes > this.#bytesMax)) {
      this.#old = this.#young;
      this.#young = { values: new Map(), bytes: 0 };
    }
    this.#young.values.set(key, value);
    this.#young.bytes += bytes;
  }

  delete(key: string): void {
    // What stands in both would be found again after its deletion or count twice.
    for (const generation of [this.#young, this.#old]) {
      const value = generation.values.get(key);
      if (value === undefined) continue;
      generation.values.delete(key);
      generation.bytes -= this.#bytesOf(value);
    }
  }

  get size(): number {
    return this.#young.values.size + this.#old.values.size;
  }

  /** The bytes that all values take. */
  get bytes(): number {
    return this.#young.bytes + this.#old.bytes;
  }
}
