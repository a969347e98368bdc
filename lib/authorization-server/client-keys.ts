import type { JWK } from "jose";
import { LRUCache } from "lru-cache";
import { singleton } from "@/lib/platform/singleton";
import { fetchJwks, JwksUnavailable } from "./jwks-fetch";

const KEPT_MS = 5 * 60_000;
/** How often a key that is not among the known ones makes us ask again: anyone may send any key id. */
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

function isDue(entry: Entry, kid: string | undefined): boolean {
  const age = performance.now() - entry.askedAt;
  return isKept(entry) ? age > ASKED_AGAIN_MS && !hasKey(entry, kid) : age > FAILURE_KEPT_MS;
}

/**
 * Makes sure that a client's key set is known: it is kept for five minutes, and asked for once more when a key is wanted that
 * is not in it, though at most every 30 seconds. Who comes while it is asked for waits for the same answer, unless its key is known.
 * @param kid the key that is wanted, when the signature names one
 * @throws JwksUnavailable with the reason
 */
export async function learnKeys(clientId: string, uri: string, kid: string | undefined): Promise<void> {
  const name = `${clientId} ${uri}`;
  const entry: Entry = sets().get(name) ?? {
    keys: null,
    failure: null,
    askedAt: Number.NEGATIVE_INFINITY,
    learnedAt: Number.NEGATIVE_INFINITY,
    asking: null,
  };
  sets().set(name, entry);
  if (!entry.asking && isDue(entry, kid)) entry.asking = ask(uri, entry);
  if (hasKey(entry, kid)) return;
  await entry.asking;
  if (entry.failure !== null && !hasKey(entry, kid)) throw new JwksUnavailable(entry.failure);
}

/** The keys of a client by URL that are known at this moment. */
export const knownKeys = (clientId: string, uri: string | null): readonly JWK[] =>
  (uri === null ? undefined : sets().get(`${clientId} ${uri}`))?.keys ?? [];
