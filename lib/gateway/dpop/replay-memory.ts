import { hash } from "node:crypto";

/** Proofs that were used, so that none passes a second time. */
export interface ReplayMemory {
  /**
   * Whether a proof may pass, and remembers it. It may not when it was used before, nor when it is of a time of which
   * proofs had to be forgotten.
   * @param issuedAt its `iat`, in seconds
   */
  use(keyThumbprint: string, proofId: string, issuedAt: number): boolean;
}

interface Generation {
  beganMs: number;
  seen: Set<string>;
  /** The newest `iat` in it. */
  newest: number;
}

/**
 * Remembers proofs in two generations, each at least `lifeMs` long, after which no proof in it is acceptable any more. When one
 * is full before, the older one is forgotten early, and proofs that are not newer than what was in it are refused
 * from then on: memory stays bounded, and still none passes twice. Who calls with a clock that is right notices nothing.
 *
 * @param lifeMs how long after it was seen a proof could be acceptable at most
 * @param sizeMax how many proofs a generation remembers at most
 */
export function createReplayMemory(now: () => number, lifeMs: number, sizeMax: number): ReplayMemory {
  const begin = (): Generation => ({ beganMs: now(), seen: new Set(), newest: Number.NEGATIVE_INFINITY });
  let young = begin();
  let old = begin();
  let forgottenUpTo = Number.NEGATIVE_INFINITY;

  const turn = () => {
    const age = now() - young.beganMs;
    if (age < lifeMs && young.seen.size < sizeMax) return;
    // What is in the old one was seen before the young one began.
    if (age < lifeMs) forgottenUpTo = Math.max(forgottenUpTo, old.newest);
    old = young;
    young = begin();
  };

  return {
    use(keyThumbprint, proofId, issuedAt) {
      turn();
      if (issuedAt <= forgottenUpTo) return false;
      // A hash takes the same memory for ids of any length.
      const id = hash("sha256", `${keyThumbprint} ${proofId}`, "base64url");
      if (young.seen.has(id) || old.seen.has(id)) return false;
      young.seen.add(id);
      young.newest = Math.max(young.newest, issuedAt);
      return true;
    },
  };
}
