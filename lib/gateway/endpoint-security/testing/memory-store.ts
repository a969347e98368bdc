import { setTimeout as sleep } from "node:timers/promises";
import type { SharedTokenStore } from "../shared-tokens";

/** An asynchronous in-memory shared store with expiring locks and values. */
export class MemoryStore implements SharedTokenStore {
  readonly values = new Map<string, { value: string; fence: number; endsAt: number }>();
  readonly locks = new Map<string, { fence: number; endsAt: number }>();
  readonly writes: { key: string; fence: number; wrote: boolean; ttlMs: number }[] = [];
  /** Maximum lock TTL, in milliseconds. */
  lockMsMax = Number.POSITIVE_INFINITY;
  /** Runs before each operation; can reject or hang. */
  before: () => Promise<unknown> = () => sleep(2);
  #fence = 0;

  async get(key: string): Promise<string | null> {
    await this.before();
    const found = this.values.get(key);
    return found && found.endsAt > performance.now() ? found.value : null;
  }

  async set(key: string, value: string, ttlMs: number, fence: number): Promise<boolean> {
    await this.before();
    const wrote = (this.values.get(key)?.fence ?? 0) <= fence;
    if (wrote) this.values.set(key, { value, fence, endsAt: performance.now() + ttlMs });
    this.writes.push({ key, fence, wrote, ttlMs });
    return wrote;
  }

  async lock(key: string, ttlMs: number) {
    await this.before();
    const held = this.locks.get(key);
    if (held && held.endsAt > performance.now()) return null;
    this.#fence += 1;
    const fence = this.#fence;
    this.locks.set(key, { fence, endsAt: performance.now() + Math.min(ttlMs, this.lockMsMax) });
    return {
      fence,
      release: async () => {
        await this.before();
        if (this.locks.get(key)?.fence === fence) this.locks.delete(key);
      },
    };
  }

  async delete(key: string): Promise<void> {
    await this.before();
    this.values.delete(key);
  }
}
