import type { JWK } from "jose";
import type { KeysFailure, LoadedKeys } from "./load-keys";

/** Keys may be fetched again this long after they were fetched again the last time, whatever tokens come. */
const REFETCH_INTERVAL_MS = 10_000;
/** After a failure the server is asked again sooner: what needs its answer gets a 503 until then. */
const RETRY_MS = 1000;
/** A key that the server has withdrawn is trusted at most this long, while the server can be reached. */
const MAX_AGE_MS = 600_000;

/** What was compiled from a server's keys, or why there is nothing. */
export type Compiled<T> = { kind: "known"; value: T } | KeysFailure;

/** The keys of one server, kept. */
export interface KeyStore<T> {
  /** What the keys were compiled to: at once when they are known and not old. */
  current(): Compiled<T> | Promise<Compiled<T>>;
  /** Names this moment for {@link refetch}. */
  mark(): number;
  /**
   * Asks the server again because `seen` lacks a key, unless that was done since `mark` or a short time ago. Answers what is known
   * then, or a failure when the last question failed: whether the server has the key can't be said.
   */
  refetch(seen: T, mark: number): Promise<Compiled<T>>;
}

/**
 * Keeps the keys of a server. Fetches are shared and rate-limited, and keys that are known outlast a server that is
 * away or answers nonsense. What was compiled stays the same object until the keys change.
 * @param load fetches the keys; it never rejects.
 * @param compile is called once for each set of keys.
 */
export function createKeyStore<T>(load: () => Promise<LoadedKeys>, compile: (keys: readonly JWK[]) => T, now: () => number): KeyStore<T> {
  let known: { compiled: { kind: "known"; value: T }; fingerprint: string; fetchedAtMs: number } | undefined;
  let failure: { value: KeysFailure; atMs: number } | undefined;
  let refetchedAtMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<Compiled<T>> | undefined;
  let fetches = 0;

  /** A clock that was set back must not stop everything until it has caught up. */
  const hasPassed = (sinceMs: number, durationMs: number) => now() - sinceMs >= durationMs || now() < sinceMs;

  const take = (loaded: LoadedKeys): Compiled<T> => {
    if (loaded.kind !== "keys") {
      failure = { value: loaded, atMs: now() };
      return known?.compiled ?? loaded;
    }
    failure = undefined;
    const fingerprint = JSON.stringify(loaded.keys);
    const compiled = known?.fingerprint === fingerprint ? known.compiled : ({ kind: "known", value: compile(loaded.keys) } as const);
    known = { compiled, fingerprint, fetchedAtMs: now() };
    return compiled;
  };

  const fetchKeys = (): Promise<Compiled<T>> => {
    if (underWay) return underWay;
    fetches += 1;
    underWay = load()
      .then(take)
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };

  const fetchAgain = (): Promise<Compiled<T>> | undefined => {
    if (underWay) return underWay;
    const mayAsk = failure ? hasPassed(failure.atMs, RETRY_MS) : hasPassed(refetchedAtMs, REFETCH_INTERVAL_MS);
    if (!mayAsk) return undefined;
    refetchedAtMs = now();
    return fetchKeys();
  };

  return {
    current() {
      if (!known) {
        if (!underWay && failure && !hasPassed(failure.atMs, RETRY_MS)) return failure.value;
        return fetchKeys();
      }
      if (hasPassed(known.fetchedAtMs, MAX_AGE_MS)) {
        // Once the server has been found away, nobody waits for it: known keys serve until it is back.
        const wasAway = failure !== undefined;
        const again = fetchAgain();
        if (again && !wasAway) return again;
      }
      return known.compiled;
    },
    // What is under way is part of what comes after: whoever waits for it has asked.
    mark: () => (underWay ? fetches - 1 : fetches),
    async refetch(seen, mark) {
      const answer = (): Compiled<T> => failure?.value ?? known?.compiled ?? { kind: "known", value: seen };
      if (known && known.compiled.value !== seen) return known.compiled;
      if (fetches === mark || underWay) await fetchAgain();
      return known && known.compiled.value !== seen ? known.compiled : answer();
    },
  };
}
