import { canonicalJson } from "@/lib/definition/canonical";
import { claimRules, verifiedToken } from "../claims";
import type { ResourceType, TokenCheck } from "../contract";
import { createTokenCache, type TokenCache } from "../token-cache";
import { type Compiled, createKeyStore } from "./key-store";
import { createKeysLoader } from "./load-keys";
import { jwtConfigSchema, jwtDescriptor } from "./schema";
import { compileJwtVerifier } from "./verify";

/** A signature stays good, so a checked token is kept until it expires; this only bounds those that last very long. */
const POSITIVE_TTL_MS = 3_600_000;
const NEGATIVE_TTL_MS = 3000;

/** One set of keys and what it said about tokens: other keys, and what was known is known no more. */
interface KnownKeys {
  verify: ReturnType<typeof compileJwtVerifier>;
  cache: TokenCache;
}

/** Checks signed tokens of any issuer with its published keys (RFC 9068), without a call for each token. */
export const jwtResource: ResourceType = {
  descriptor: jwtDescriptor,
  identity: (config) => canonicalJson({ type: jwtDescriptor.type, config: jwtConfigSchema.parse(config) }),
  compile(rawConfig, context) {
    const config = jwtConfigSchema.parse(rawConfig);
    const { ports } = context;
    const rules = claimRules({ ...config, scopeSeparator: " ", keepsClaims: context.keepsClaims });
    const store = createKeyStore<KnownKeys>(
      createKeysLoader(config, context.connections),
      (keys) => ({
        verify: compileJwtVerifier(config, keys),
        cache: createTokenCache({ positiveTtlMs: POSITIVE_TTL_MS, negativeTtlMs: NEGATIVE_TTL_MS, now: ports.now }),
      }),
      ports.now,
    );

    const verify = async (token: string, keys: KnownKeys, mark: number | null): Promise<TokenCheck> => {
      const verification = await keys.verify(token, ports.now());
      const isKeyMissing = verification.kind === "unknownKey" || verification.kind === "changedKey";
      if (isKeyMissing && mark !== null) {
        const fetched = await store.refetch(keys, mark);
        if (fetched.kind === "known" && fetched.value !== keys) return checkWith(token, fetched, null);
        // Its key may be new: without the server nobody can say that it is not. A key that is known says it.
        if (fetched.kind !== "known" && verification.kind === "unknownKey") return { outcome: fetched.kind, reason: fetched.reason };
      }
      if (verification.kind !== "claims") {
        return { outcome: "inactive", reason: `The token is not one of ${config.issuer}, or not good any more: ${verification.reason}` };
      }
      const verified = verifiedToken(verification.claims, rules, ports.now());
      return typeof verified === "string" ? { outcome: "inactive", reason: verified } : { outcome: "active", token: verified };
    };

    /** @param mark of before the check began; null when the keys may not be fetched again for it. */
    const checkWith = (
      token: string,
      keys: Compiled<KnownKeys>,
      mark: number | null,
      client?: () => string,
    ): TokenCheck | Promise<TokenCheck> => {
      if (keys.kind !== "known") return { outcome: keys.kind, reason: keys.reason };
      return keys.value.cache.check(token, () => verify(token, keys.value, mark), client);
    };

    return {
      check(token, client) {
        const mark = store.mark();
        const keys = store.current();
        return keys instanceof Promise
          ? keys.then((fetched) => checkWith(token, fetched, mark, client))
          : checkWith(token, keys, mark, client);
      },
      issuers: async () => [config.issuer],
      // Connections are given back after each fetch.
      release: () => undefined,
    };
  },
};
