/**
 * A bounded map that remembers at least the last `recent` keys that were set or read, and at most twice as many. It has
 * two generations: a full young one becomes the old one, and what was in the old one and was not used since is gone. A
 * look-up of what is in use is one look-up in a plain Map, and an empty one takes no memory beforehand, as a gateway
 * with a thousand APIs needs it.
 */
export class RecentMap<V extends object> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  /** @param recent how many keys are remembered at least; 1 or more. */
  constructor(private readonly recent: number) {}

  get(key: string): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.recent && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    // What stands in both would be found again after its deletion or count twice.
    this.#old.delete(key);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
