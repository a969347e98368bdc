import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/definition/canonical";
import { connect } from "../../upstream";
import { verifiedToken } from "../claims";
import type { ResourceContext, ResourceType, TokenCheck } from "../contract";
import { createTokenCache } from "../token-cache";
import { introspect, introspectionRequest } from "./ask";
import { introspectionConfigSchema, introspectionDescriptor } from "./schema";

/** How long it is remembered that a token is not active. */
const NEGATIVE_TTL_MS = 3000;

function identityOf(config: unknown, context: ResourceContext): string {
  const text = canonicalJson({
    type: introspectionDescriptor.type,
    config: introspectionConfigSchema.parse(config),
    secret: context.secret("clientSecret")?.version ?? null,
  });
  return createHash("sha256").update(text).digest("base64");
}

/** Asks any authorization server by introspection, and keeps what it says for a bounded time. */
export const introspectionResource: ResourceType = {
  descriptor: introspectionDescriptor,
  identity: identityOf,
  compile(rawConfig, context) {
    const config = introspectionConfigSchema.parse(rawConfig);
    const secret = context.secret("clientSecret");
    if (!secret) throw new Error("The client secret of an authorization server is missing.");
    const { ports } = context;
    const requestFor = introspectionRequest(config, secret.value);
    const connections = connect(context.connections, new URL(config.introspectionEndpoint).origin, config.timeoutMs);
    const cache = createTokenCache(identityOf(config, context), {
      positiveTtlMs: config.cacheTtlSeconds * 1000,
      negativeTtlMs: NEGATIVE_TTL_MS,
      now: ports.now,
    });

    const ask = async (token: string): Promise<TokenCheck> => {
      const answer = await introspect(connections.value, requestFor(token), config.timeoutMs);
      if (answer.kind !== "claims") return { outcome: answer.kind, reason: answer.reason };
      // RFC 7662, section 2.2: active is a boolean. Anything else is not a yes.
      if (answer.claims.active !== true)
        return { outcome: "inactive", reason: "The authorization server says that the token is not active." };
      const verified = verifiedToken(answer.claims, config, ports.now());
      return typeof verified === "string" ? { outcome: "inactive", reason: verified } : { outcome: "active", token: verified };
    };

    return {
      check: (token) => cache.check(token, () => ask(token)),
      // The introspection endpoint does not tell who issues the tokens.
      issuers: async () => [],
      release: connections.release,
    };
  },
};
