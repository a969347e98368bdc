import { hash } from "node:crypto";

/** Proofs that were used, so that none passes a second time. */
export interface ReplayMemory {
  /**
   * Returns whether a proof may pass, and remembers it. It may not when it was used before, or when it's of a time of which
   * proofs of its key had to be forgotten.
   * @param issuedAt its `iat`, in seconds
   */
  use(keyThumbprint: string, proofId: string, issuedAt: number): boolean;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** What is remembered of one key, in two generations. */
interface KeyMemory {
  young: Set<string>;
  old: Set<string> | null;
  beganMs: number;
  usedMs: number;
  /** The newest `iat` in each generation. */
  youngNewest: number;
  oldNewest: number;
  /** Proofs of this key that aren't newer are rejected. */
  forgottenUpTo: number;
}

/**
 * Remembers proofs by key, each for at least `lifeMs`, after which it isn't acceptable any more. Memory stays bounded and still
 * no proof passes twice:
 * - A key that fills its share forgets its own older half early, and its proofs that aren't newer than that are rejected. Other
 *   keys notice nothing, however far ahead it dates its proofs.
 * - When all keys together fill the memory, those that were used longest ago are forgotten. From then on, proofs of keys that
 *   aren't remembered have to be newer than what was forgotten, which is never later than now.
 *
 * @param lifeMs how long after it was seen a proof could be acceptable at most
 * @param sizeMax half of the proofs that are remembered at most; a key's generation holds a fifth of it
 */
export function createReplayMemory(now: () => number, lifeMs: number, sizeMax: number): ReplayMemory {
  const generationMax = Math.max(1, Math.floor(sizeMax / 5));
  /** The key used longest ago comes first. */
  const keys = new Map<string, KeyMemory>();
  let proofs = 0;
  let forgottenUpTo = NEVER;

  const begin = (since: number): KeyMemory => ({
    young: new Set(),
    old: null,
    beganMs: now(),
    usedMs: now(),
    youngNewest: NEVER,
    oldNewest: NEVER,
    forgottenUpTo: since,
  });
  const proofsOf = ({ young, old }: KeyMemory) => young.size + (old?.size ?? 0);

  const turn = (memory: KeyMemory) => {
    const age = now() - memory.beganMs;
    if (age < lifeMs && memory.young.size < generationMax) return;
    // What is in the old one was seen before the young one began.
    if (age < lifeMs) memory.forgottenUpTo = Math.max(memory.forgottenUpTo, memory.oldNewest);
    proofs -= memory.old?.size ?? 0;
    memory.old = memory.young;
    memory.oldNewest = memory.youngNewest;
    memory.young = new Set();
    memory.youngNewest = NEVER;
    memory.beganMs = now();
  };

  const newestOf = ({ youngNewest, oldNewest, forgottenUpTo: since }: KeyMemory) => Math.max(youngNewest, oldNewest, since);
  const isAhead = (seconds: number) => seconds * 1000 > now();

  /** Forgets a key's proofs. While one of them is dated ahead, their newest time stays: it would reject the proofs of others. */
  const forget = (thumbprint: string, memory: KeyMemory) => {
    const newest = newestOf(memory);
    keys.delete(thumbprint);
    proofs -= proofsOf(memory);
    if (isAhead(newest)) keys.set(thumbprint, begin(newest));
    else forgottenUpTo = Math.max(forgottenUpTo, newest);
  };

  const makeRoom = (current: KeyMemory) => {
    for (const [thumbprint, memory] of keys) {
      if (memory === current) return;
      if (now() - memory.usedMs >= lifeMs) {
        proofs -= proofsOf(memory);
        keys.delete(thumbprint);
      } else if (proofs + keys.size > 2 * sizeMax) forget(thumbprint, memory);
      else return;
    }
  };

  return {
    use(keyThumbprint, proofId, issuedAt) {
      const known = keys.get(keyThumbprint);
      // Keys with proofs dated ahead can't be forgotten yet, so they never fill the memory.
      if (isAhead(issuedAt) && keys.size >= sizeMax && !(known && isAhead(newestOf(known)))) return false;
      const memory = known ?? begin(forgottenUpTo);
      keys.delete(keyThumbprint);
      keys.set(keyThumbprint, memory);
      memory.usedMs = now();
      turn(memory);
      if (issuedAt <= memory.forgottenUpTo) return false;
      // A hash takes the same memory for ids of any length.
      const id = hash("sha256", proofId, "base64url");
      if (memory.young.has(id) || memory.old?.has(id)) return false;
      memory.young.add(id);
      memory.youngNewest = Math.max(memory.youngNewest, issuedAt);
      proofs += 1;
      makeRoom(memory);
      return true;
    },
  };
}
