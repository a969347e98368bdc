import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { TokenCheck } from "./contract";

/** How long answers are kept. */
export interface CacheRules {
  /** Milliseconds that a positive answer is kept at most; it is never served past the token's expiry. 0 keeps nothing. */
  positiveTtlMs: number;
  /** Milliseconds that a negative answer is kept at most. */
  negativeTtlMs: number;
  now(): number;
}

interface Entry {
  check: TokenCheck;
  untilMs: number;
}

const MAX_ENTRIES = 10_000;

/** What a check knows about tokens already. */
export interface TokenCache {
  /** Answers from memory, or asks; callers that ask for the same token at the same time share one question. */
  check(token: string, ask: () => Promise<TokenCheck>): TokenCheck | Promise<TokenCheck>;
}

/**
 * A bounded cache of token checks. The key is a hash over everything on which an answer depends and the token, so
 * the memory holds no token, and no answer of one server can pass for another's. That a server was unavailable is never kept.
 * Negative answers live in a memory of their own: a flood of wrong tokens pushes no good one out.
 */
export function createTokenCache(identity: string, rules: CacheRules): TokenCache {
  const positive = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  const negative = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  const underWay = new Map<string, Promise<TokenCheck>>();

  const fresh = (cache: LRUCache<string, Entry>, key: string): TokenCheck | undefined => {
    const entry = cache.get(key);
    if (!entry) return undefined;
    if (entry.untilMs > rules.now()) return entry.check;
    cache.delete(key);
    return undefined;
  };

  const keep = (key: string, check: TokenCheck) => {
    const now = rules.now();
    if (check.outcome === "active") {
      positive.set(key, { check, untilMs: Math.min(now + rules.positiveTtlMs, check.token.expiresAtMs ?? Number.POSITIVE_INFINITY) });
    } else if (check.outcome === "inactive") {
      negative.set(key, { check, untilMs: now + Math.min(rules.negativeTtlMs, rules.positiveTtlMs) });
    }
  };

  return {
    check(token, ask) {
      const key = createHash("sha256").update(identity).update("\0").update(token).digest("base64");
      const known = fresh(positive, key) ?? fresh(negative, key);
      if (known) return known;
      const shared = underWay.get(key);
      if (shared) return shared;
      const question = ask()
        .then((check) => {
          if (rules.positiveTtlMs > 0) keep(key, check);
          return check;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, question);
      return question;
    },
  };
}
