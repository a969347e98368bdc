import type { JWTPayload } from "jose";
import type { BuiltinServer } from "../../ports";
import { verifiedToken } from "../claims";
import type { ResourceType, TokenCheck } from "../contract";
import { createTokenCache, type TokenCache } from "../token-cache";
import { builtinConfigSchema, builtinDescriptor } from "./schema";
import { compileVerifier, serverFingerprint } from "./verify";

/** A signature stays good, so a checked token is kept until it expires; this only bounds those that last very long. */
const POSITIVE_TTL_MS = 3_600_000;
const NEGATIVE_TTL_MS = 3000;

interface CompiledServer {
  source: BuiltinServer;
  fingerprint: string;
  verify: ReturnType<typeof compileVerifier>;
  cache: TokenCache;
}

/** Checks the tokens of one of our own authorization servers by signature, without a network call. */
export const builtinResource: ResourceType = {
  descriptor: builtinDescriptor,
  identity(config, context) {
    return JSON.stringify([builtinDescriptor.type, builtinConfigSchema.parse(config), context.resourceUri]);
  },
  compile(rawConfig, context) {
    const config = builtinConfigSchema.parse(rawConfig);
    const { ports } = context;
    const missing: TokenCheck = { outcome: "missingServer", reason: `There is no authorization server ${config.server}.` };
    const disabled: TokenCheck = { outcome: "unavailable", reason: `The authorization server ${config.server} is disabled.` };
    let compiled: CompiledServer | null = null;

    /** Keeps what is known as long as the server stays the same; a new key set or audience begins anew. */
    const current = (source: BuiltinServer): CompiledServer => {
      if (compiled?.source === source) return compiled;
      const fingerprint = serverFingerprint(source);
      if (compiled?.fingerprint === fingerprint) {
        compiled.source = source;
        return compiled;
      }
      const cache = createTokenCache({ positiveTtlMs: POSITIVE_TTL_MS, negativeTtlMs: NEGATIVE_TTL_MS, now: ports.now });
      compiled = { source, fingerprint, verify: compileVerifier(source), cache };
      return compiled;
    };

    const verify = async (token: string, server: CompiledServer): Promise<TokenCheck> => {
      let claims: JWTPayload;
      try {
        claims = await server.verify(token, ports.now());
      } catch (error) {
        return {
          outcome: "inactive",
          reason: `The token is not one of ${server.source.issuer}, or not good any more: ${error instanceof Error ? error.message : "unreadable"}`,
        };
      }
      const audiences = [server.source.audience, context.resourceUri];
      const verified = verifiedToken(
        claims,
        { userClaim: "sub", environmentClaim: "environment", sandboxValue: "sandbox", scopeSeparator: " ", audiences },
        ports.now(),
      );
      return typeof verified === "string" ? { outcome: "inactive", reason: verified } : { outcome: "active", token: verified };
    };

    const unreadable = (error: unknown): TokenCheck => ({
      outcome: "unavailable",
      reason: `The authorization server ${config.server} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    });

    const checkWith = (token: string, source: BuiltinServer | null): TokenCheck | Promise<TokenCheck> => {
      if (!source) return missing;
      if (!source.enabled) return disabled;
      const server = current(source);
      return server.cache.check(token, () => verify(token, server));
    };

    return {
      check(token) {
        try {
          const source = ports.builtinServer(config.server);
          return source instanceof Promise ? source.then((found) => checkWith(token, found)).catch(unreadable) : checkWith(token, source);
        } catch (error) {
          return unreadable(error);
        }
      },
      async issuers() {
        const source = await ports.builtinServer(config.server);
        return source?.enabled ? [source.issuer] : [];
      },
      release: () => undefined,
    };
  },
};
