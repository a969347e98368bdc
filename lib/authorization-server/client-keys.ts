import type { JWK } from "jose";
import { LRUCache } from "lru-cache";
import { singleton } from "@/lib/platform/singleton";
import { fetchJwks, JwksUnavailable } from "./jwks-fetch";

const CACHE_TTL_MS = 5 * 60_000;
/**
 * Minimum time between two fetches for an unknown key ID, because anyone may send any key ID. One fetch in between may be
 * earlier, because a client may sign with a new key right after its set was fetched.
 */
const REFETCH_INTERVAL_MS = 30_000;
/** How long a failed fetch is cached. */
const FAILURE_TTL_MS = 5000;
const SETS_MAX = 1000;
interface Entry {
  /** Null until the first successful fetch. */
  keys: readonly JWK[] | null;
  /** Why the last fetch failed. A string, because other instances of this module throw it too. */
  failure: string | null;
  /** Start of the last fetch, in milliseconds of `performance.now()`. */
  fetchedAt: number;
  /** Start of the last early fetch. */
  fetchedEarlyAt: number;
  /** Start of the fetch that returned `keys`. */
  loadedAt: number;
  fetching: Promise<void> | null;
}

const sets = () => singleton("client-key-sets", () => new LRUCache<string, Entry>({ max: SETS_MAX }));

const isCached = ({ keys, loadedAt }: Entry): boolean => keys !== null && performance.now() - loadedAt <= CACHE_TTL_MS;

const hasKey = (entry: Entry, kid: string | undefined): boolean =>
  isCached(entry) && (kid === undefined || (entry.keys ?? []).some((key) => key.kid === kid));

async function fetchSet(uri: string, entry: Entry): Promise<void> {
  const fetchedAt = performance.now();
  entry.fetchedAt = fetchedAt;
  try {
    entry.keys = await fetchJwks(uri);
    entry.loadedAt = fetchedAt;
    entry.failure = null;
  } catch (error) {
    // Anyone can trigger a fetch with a made-up key ID, so a failed one doesn't shorten the cache time.
    if (!isCached(entry)) entry.keys = null;
    entry.failure = error instanceof Error ? error.message : String(error);
  } finally {
    entry.fetching = null;
  }
}

/** Whether a cached set may be fetched again now. Uses up the early fetch when only that allows it. */
function mayRefetch(entry: Entry): boolean {
  const now = performance.now();
  if (now - entry.fetchedAt > REFETCH_INTERVAL_MS) return true;
  if (now - entry.fetchedEarlyAt <= REFETCH_INTERVAL_MS) return false;
  entry.fetchedEarlyAt = now;
  return true;
}

const isDue = (entry: Entry, kid: string | undefined): boolean =>
  isCached(entry) ? !hasKey(entry, kid) && mayRefetch(entry) : performance.now() - entry.fetchedAt > FAILURE_TTL_MS;

const begin = (): Entry => ({
  keys: null,
  failure: null,
  fetchedAt: Number.NEGATIVE_INFINITY,
  fetchedEarlyAt: Number.NEGATIVE_INFINITY,
  loadedAt: Number.NEGATIVE_INFINITY,
  fetching: null,
});

/**
 * Fetches a client's key set and caches it for 5 minutes. An unknown key ID triggers another fetch, at most every 30 seconds and
 * once in between; concurrent requests share one fetch.
 * @param kid the key ID in the signature's header, if any
 * @throws JwksUnavailable with the reason, also when the set lacks the key
 */
export async function loadKeys(clientId: string, uri: string, kid: string | undefined): Promise<void> {
  const name = `${clientId} ${uri}`;
  const entry = sets().get(name) ?? begin();
  sets().set(name, entry);
  if (!entry.fetching && isDue(entry, kid)) entry.fetching = fetchSet(uri, entry);
  if (hasKey(entry, kid)) return;
  await entry.fetching;
  if (hasKey(entry, kid)) return;
  throw new JwksUnavailable(entry.failure ?? "the key set at the jwks_uri has no key with the assertion's kid");
}

/**
 * Refetches a key set after a failed signature, because a client may have replaced a key under the same ID. The limits for an
 * unknown key ID apply.
 * @returns whether the keys changed
 */
export async function refetchKeys(clientId: string, uri: string): Promise<boolean> {
  const entry = sets().get(`${clientId} ${uri}`);
  if (!entry) return false;
  const before = JSON.stringify(entry.keys);
  if (!entry.fetching && mayRefetch(entry)) entry.fetching = fetchSet(uri, entry);
  await entry.fetching;
  return entry.keys !== null && JSON.stringify(entry.keys) !== before;
}

/** The cached keys of a client's `jwks_uri`. */
export const knownKeys = (clientId: string, uri: string | null): readonly JWK[] =>
  (uri === null ? undefined : sets().get(`${clientId} ${uri}`))?.keys ?? [];
