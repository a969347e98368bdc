import { hash } from "node:crypto";
import type { TokenCheck } from "./contract";
import { heapSize } from "./heap-size";
import { RecentMap } from "./recent-map";

/** How long answers are kept. */
export interface CacheRules {
  /** Milliseconds that a positive answer is kept at most; it is never served past the token's expiry. 0 keeps nothing. */
  positiveTtlMs: number;
  /** Milliseconds that a negative answer is kept at most. */
  negativeTtlMs: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

interface Entry {
  check: TokenCheck;
  /** When it was asked. A clock that is set back behind it makes the entry unusable, because its age is not known then. */
  fromMs: number;
  untilMs: number;
  /** What it takes in memory. */
  bytes: number;
}

/** At least this many tokens of each kind are remembered, and at most twice as many, within their bytes. */
const RECENT_TOKENS = 10_000;
/** Bytes of memory that valid and invalid tokens take at most, as estimated: what a server says about them can be long. */
export const VALID_TOKENS_BYTES = 33_554_432;
export const INVALID_TOKENS_BYTES = 8_388_608;
/** What every entry takes beside what its check says: its key, its times, its place, and objects of the same form. */
const ENTRY_BYTES = 500;

/** Estimates the bytes that a check takes. */
function bytesOfCheck(check: TokenCheck): number {
  if (check.outcome !== "active") return ENTRY_BYTES + heapSize(check.reason);
  const { clientId, subject, scopes, identityHeaders, claims } = check.token;
  return ENTRY_BYTES + heapSize([clientId, subject, scopes, identityHeaders, claims]);
}
/** More tokens than this are not asked about at the same time: a flood of made-up ones has to end somewhere. */
const MAX_UNDER_WAY = 20_000;
/** Of one client: what it makes up must leave room for the others. */
export const MAX_UNDER_WAY_OF_CLIENT = 2000;
/** No server makes tokens that long, and no more than this is ever hashed, parsed or sent on. */
export const MAX_TOKEN_LENGTH = 16_384;

const TOO_LONG: TokenCheck = { outcome: "inactive", reason: `The token has more than ${MAX_TOKEN_LENGTH} characters.` };
const TOO_MANY_OF_CLIENT: TokenCheck = {
  outcome: "unavailable",
  reason: `More than ${MAX_UNDER_WAY_OF_CLIENT} tokens of this client are being checked already.`,
};
const TOO_MANY: TokenCheck = { outcome: "unavailable", reason: `More than ${MAX_UNDER_WAY} tokens are being checked already.` };

/** What a check knows about tokens already. */
export interface TokenCache {
  /** Answers from memory, at once, or asks; callers that ask for the same token at the same time share one question. */
  /**
   * @param ask is handed the name of the client; "" when nobody said it
   * @param client is called only when the answer is not known
   */
  check(token: string, ask: (client: string) => Promise<TokenCheck>, client?: () => string): TokenCheck | Promise<TokenCheck>;
}

/**
 * A cache of token checks, bounded in number and bytes. That a server was unavailable, or answered nonsense, is never kept. Negative answers
 * live in a memory of their own: a flood of wrong tokens pushes no good one out.
 *
 * An answer depends on the resource's type, configuration and secret, and on the token. The first three are the identity
 * under which a checker is shared (`ResourceType.identity`), and each checker makes a cache of its own, so within one
 * cache the hash of the token is the whole key: hashing the identity with it on every call would tell nothing more. The
 * token is hashed so that the memory holds none; `hash` in one go takes a third of the time of `createHash`.
 */
export function createTokenCache(rules: CacheRules): TokenCache {
  const bytesOf = ({ bytes }: Entry) => bytes;
  const positive = new RecentMap<Entry>({ recent: RECENT_TOKENS, bytesMax: VALID_TOKENS_BYTES, bytesOf });
  const negative = new RecentMap<Entry>({ recent: RECENT_TOKENS, bytesMax: INVALID_TOKENS_BYTES, bytesOf });
  const underWay = new Map<string, Promise<TokenCheck>>();
  const ofClient = new Map<string, number>();
  const negativeTtlMs = Math.min(rules.negativeTtlMs, rules.positiveTtlMs);

  const keep = (key: string, check: TokenCheck, askedAtMs: number) => {
    // The time counts from the question: what the server knew may be as old as that.
    const entry = (untilMs: number): Entry => ({ check, fromMs: askedAtMs, untilMs, bytes: bytesOfCheck(check) });
    if (check.outcome === "active") {
      const untilMs = Math.min(askedAtMs + rules.positiveTtlMs, check.token.expiresAtMs ?? Number.POSITIVE_INFINITY);
      if (untilMs > rules.now()) positive.set(key, entry(untilMs));
    } else if (check.outcome === "inactive" && negativeTtlMs > 0) {
      negative.set(key, entry(askedAtMs + negativeTtlMs));
    }
  };

  return {
    check(token, ask, client) {
      if (token.length > MAX_TOKEN_LENGTH) return TOO_LONG;
      const key = hash("sha256", token, "base64");
      const now = rules.now();
      const known = positive.get(key) ?? negative.get(key);
      if (known !== undefined && now < known.untilMs && now >= known.fromMs) return known.check;
      const shared = underWay.get(key);
      if (shared) return shared;
      if (underWay.size >= MAX_UNDER_WAY) return TOO_MANY;
      const name = client?.() ?? "";
      const count = ofClient.get(name) ?? 0;
      // What nobody asks for is the gateway's own look at calls that are open.
      if (name !== "" && count >= MAX_UNDER_WAY_OF_CLIENT) return TOO_MANY_OF_CLIENT;
      ofClient.set(name, count + 1);
      const question = ask(name)
        .then((check) => {
          if (known !== undefined) {
            positive.delete(key);
            negative.delete(key);
          }
          keep(key, check, now);
          return check;
        })
        .finally(() => {
          underWay.delete(key);
          const left = (ofClient.get(name) ?? 1) - 1;
          if (left > 0) ofClient.set(name, left);
          else ofClient.delete(name);
        });
      underWay.set(key, question);
      return question;
    },
  };
}
