/** A shared thing that is closed when nobody holds it any more. */
export interface Lease<T> {
  readonly value: T;
  /** Gives it back. Calling it again does nothing. */
  release(): void;
}

/** Shares things by key between deployments, so that a redeployment keeps warm connections and caches. */
export class LeasePool<T> {
  readonly #entries = new Map<string, { value: T; holders: number }>();

  constructor(private readonly close: (value: T) => void) {}

  /** Takes what is known under the key, or makes it. */
  take(key: string, create: () => T): Lease<T> {
    const entry = this.#entries.get(key) ?? { value: create(), holders: 0 };
    this.#entries.set(key, entry);
    entry.holders += 1;
    let held = true;
    return {
      value: entry.value,
      release: () => {
        if (!held) return;
        held = false;
        entry.holders -= 1;
        if (entry.holders > 0) return;
        this.#entries.delete(key);
        this.close(entry.value);
      },
    };
  }

  /** How many things are open, for tests and metrics. */
  get size(): number {
    return this.#entries.size;
  }
}
