import type { JWK } from "jose";
import { LRUCache } from "lru-cache";
import { singleton } from "@/lib/platform/singleton";
import { fetchJwks, JwksUnavailable } from "./jwks-fetch";

const KEPT_MS = 5 * 60_000;
/**
 * How often a key that isn't among the known ones makes this process fetch the set again: anyone may send any key ID. Once in
 * between it's fetched sooner, because a client may sign with a new key right after its set was fetched.
 */
const ASKED_AGAIN_MS = 30_000;
/** How long a failure is believed. */
const FAILURE_KEPT_MS = 5000;
const SETS_MAX = 1000;
interface Entry {
  /** Null until one was had. */
  keys: readonly JWK[] | null;
  /** Why none was had. A text, because other instances of this module throw it too. */
  failure: string | null;
  /** Milliseconds of `performance.now()`, when the last question was asked. */
  askedAt: number;
  /** The same, when it was last asked sooner than it was due. */
  askedEarlyAt: number;
  /** The same of the question that was answered with the keys. */
  learnedAt: number;
  asking: Promise<void> | null;
}

const sets = () => singleton("client-key-sets", () => new LRUCache<string, Entry>({ max: SETS_MAX }));

const isKept = ({ keys, learnedAt }: Entry): boolean => keys !== null && performance.now() - learnedAt <= KEPT_MS;

const hasKey = (entry: Entry, kid: string | undefined): boolean =>
  isKept(entry) && (kid === undefined || (entry.keys ?? []).some((key) => key.kid === kid));

async function ask(uri: string, entry: Entry): Promise<void> {
  const askedAt = performance.now();
  entry.askedAt = askedAt;
  try {
    entry.keys = await fetchJwks(uri);
    entry.learnedAt = askedAt;
    entry.failure = null;
  } catch (error) {
    // Anyone may have made us ask, by a key id that is made up: what was known goes on for its time.
    if (!isKept(entry)) entry.keys = null;
    entry.failure = error instanceof Error ? error.message : String(error);
  } finally {
    entry.asking = null;
  }
}

/** Whether the set may be fetched again now although it's known; takes the one early fetch where that is what allows it. */
function mayAskAgain(entry: Entry): boolean {
  const now = performance.now();
  if (now - entry.askedAt > ASKED_AGAIN_MS) return true;
  if (now - entry.askedEarlyAt <= ASKED_AGAIN_MS) return false;
  entry.askedEarlyAt = now;
  return true;
}

const isDue = (entry: Entry, kid: string | undefined): boolean =>
  isKept(entry) ? !hasKey(entry, kid) && mayAskAgain(entry) : performance.now() - entry.askedAt > FAILURE_KEPT_MS;

const begin = (): Entry => ({
  keys: null,
  failure: null,
  askedAt: Number.NEGATIVE_INFINITY,
  askedEarlyAt: Number.NEGATIVE_INFINITY,
  learnedAt: Number.NEGATIVE_INFINITY,
  asking: null,
});

/**
 * Fetches a client's key set unless it's known: it's kept for five minutes, and fetched again when a key is wanted that isn't in
 * it, every 30 seconds at most and once in between. Who comes while it's fetched waits for the same answer, unless its key is known.
 * @param kid the key that is wanted, when the signature names one
 * @throws JwksUnavailable with the reason, also when the set has no such key
 */
export async function learnKeys(clientId: string, uri: string, kid: string | undefined): Promise<void> {
  const name = `${clientId} ${uri}`;
  const entry = sets().get(name) ?? begin();
  sets().set(name, entry);
  if (!entry.asking && isDue(entry, kid)) entry.asking = ask(uri, entry);
  if (hasKey(entry, kid)) return;
  await entry.asking;
  if (hasKey(entry, kid)) return;
  throw new JwksUnavailable(entry.failure ?? "the key set at the jwks_uri has no key with the kid of the assertion");
}

/**
 * Fetches a key set again when a signature doesn't match the key that it names: a client may have put another key under the same
 * ID. It's fetched as often as for an unknown key.
 * @returns whether its keys are others now
 */
export async function keysHaveChanged(clientId: string, uri: string): Promise<boolean> {
  const entry = sets().get(`${clientId} ${uri}`);
  if (!entry) return false;
  const before = JSON.stringify(entry.keys);
  if (!entry.asking && mayAskAgain(entry)) entry.asking = ask(uri, entry);
  await entry.asking;
  return entry.keys !== null && JSON.stringify(entry.keys) !== before;
}

/** The keys of a client by URL that are known at this moment. */
export const knownKeys = (clientId: string, uri: string | null): readonly JWK[] =>
  (uri === null ? undefined : sets().get(`${clientId} ${uri}`))?.keys ?? [];
