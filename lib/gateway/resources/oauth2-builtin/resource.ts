import { hash } from "node:crypto";
import type { BuiltinServer, EndedTokens } from "../../ports";
import { claimRules, verifiedToken } from "../claims";
import type { ResourceType, TokenCheck, VerifiedToken } from "../contract";
import { createTokenCache, type TokenCache } from "../token-cache";
import { builtinConfigSchema, builtinDescriptor } from "./schema";
import { compileVerifier, serverFingerprint } from "./verify";

/**
 * What is known of a token stays so until it expires, and whether it was ended is looked up at every call; this only
 * bounds the memory of those that last very long.
 */
const POSITIVE_TTL_MS = 3_600_000;
const NEGATIVE_TTL_MS = 3000;

/** How the claims of tokens of ours are read. */
const RULES = claimRules({
  userClaim: "sub",
  environmentClaim: "environment",
  sandboxValue: "sandbox",
  scopeSeparator: " ",
  clientClaim: "client_id",
  audiences: [],
});

interface CompiledServer {
  source: BuiltinServer;
  fingerprint: string;
  verify: ReturnType<typeof compileVerifier>;
  cache: TokenCache;
}

/** Opaque tokens of our own are 256 random bits; what cannot be one is not looked up. */
const OPAQUE_TOKEN = /^[A-Za-z0-9_-]{43}$/;

const ENDED: TokenCheck = {
  outcome: "inactive",
  reason: "The token was revoked, or its application was deactivated after it was issued.",
};

/** Two look-ups in memory: every call with a token that is known already comes through here. */
function isEnded({ revoked, clients }: EndedTokens, { tokenId, clientId, issuedAt }: VerifiedToken): boolean {
  if (tokenId === undefined || revoked.has(tokenId)) return true;
  const client = clientId === null ? undefined : clients.get(clientId);
  return client !== undefined && (client.isOff || issuedAt === null || issuedAt <= client.endedAt);
}

/** Checks the tokens of one of our own authorization servers: JWTs by signature, without a call, opaque ones in the database. */
export const builtinResource: ResourceType = {
  descriptor: builtinDescriptor,
  identity(config, context) {
    return JSON.stringify([builtinDescriptor.type, builtinConfigSchema.parse(config), context.resourceUri]);
  },
  compile(rawConfig, context) {
    const config = builtinConfigSchema.parse(rawConfig);
    const { ports } = context;
    const missing: TokenCheck = { outcome: "missingServer", reason: `There is no authorization server ${config.server}.` };
    const disabled: TokenCheck = {
      outcome: "inactive",
      reason: `The authorization server ${config.server} is disabled: its tokens are refused.`,
    };
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

    const judge = (claims: Readonly<Record<string, unknown>>, tokenId: string, server: BuiltinServer): TokenCheck => {
      const rules = { ...RULES, audiences: [server.audience, context.resourceUri], keepsClaims: context.keepsClaims };
      const verified = verifiedToken(claims, rules, ports.now());
      return typeof verified === "string"
        ? { outcome: "inactive", reason: verified }
        : { outcome: "active", token: { ...verified, tokenId } };
    };

    const verify = async (token: string, { source, verify: signed }: CompiledServer): Promise<TokenCheck> => {
      try {
        const claims = await signed(token, ports.now());
        // The verifier lets no token pass without its id.
        return judge(claims, claims.jti ?? "", source);
      } catch (error) {
        return {
          outcome: "inactive",
          reason: `The token is not one of ${source.issuer}, or not good any more: ${error instanceof Error ? error.message : "unreadable"}`,
        };
      }
    };

    const lookUp = async (token: string, { source }: CompiledServer): Promise<TokenCheck> => {
      const unknown: TokenCheck = { outcome: "inactive", reason: `The token is not one of ${source.issuer}, or not good any more.` };
      if (!OPAQUE_TOKEN.test(token)) return unknown;
      const tokenId = hash("sha256", token, "base64url");
      try {
        const claims = await ports.opaqueToken(source.id, tokenId);
        return claims === null ? unknown : judge({ ...claims, iss: source.issuer, jti: tokenId }, tokenId, source);
      } catch (error) {
        return {
          outcome: "unavailable",
          reason: `An opaque token of ${source.id} could not be looked up: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
    };

    const unlessEnded = (check: TokenCheck, server: BuiltinServer): TokenCheck =>
      check.outcome === "active" && isEnded(ports.endedTokens(server.id), check.token) ? ENDED : check;

    const unreadable = (error: unknown): TokenCheck => ({
      outcome: "unavailable",
      reason: `The authorization server ${config.server} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    });

    const checkWith = (token: string, source: BuiltinServer | null, client?: () => string): TokenCheck | Promise<TokenCheck> => {
      if (!source) return missing;
      if (!source.enabled) return disabled;
      const server = current(source);
      const ask = () => (token.includes(".") ? verify(token, server) : lookUp(token, server));
      const check = server.cache.check(token, ask, client);
      return check instanceof Promise ? check.then((answer) => unlessEnded(answer, source)) : unlessEnded(check, source);
    };

    return {
      isLocal: true,
      check(token, client) {
        try {
          const source = ports.builtinServer(config.server);
          return source instanceof Promise
            ? source.then((found) => checkWith(token, found, client)).catch(unreadable)
            : checkWith(token, source, client);
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
