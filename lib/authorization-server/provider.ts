import Provider, { type Client, type ClientCredentials, errors, type JWK, type KoaContextWithOIDC } from "oidc-provider";
import { environment } from "@/lib/platform/env";
import { logger } from "@/lib/platform/log";
import { secretBox } from "@/lib/platform/secrets";
import { singleton } from "@/lib/platform/singleton";
import { unpacked } from "./api-resources";
import { APPLICATION_METADATA, applicationOf, clientAdapter } from "./clients";
import { ENDPOINTS } from "./endpoints";
import { activeKey, DEFAULT_RESOURCE, decideGrant, resourceServerOf, scopesOf, untilTokensLive } from "./grant";
import { completeProtocol, protocolConfiguration } from "./protocol";
import { AlreadyUsed, recordAdapter } from "./record-adapter";
import { ClaimFailed } from "./rules/claims";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { extraClaims } from "./token-claims";

/** Never used: every token has a rule with a lifetime. oidc-provider requires a value. */
const FALLBACK_TTL_SECONDS = 300;

/** The private half of the active key, the only one that signs. */
function signingKey(server: ServerRecord): JWK {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set. Signing keys can't be decrypted without it.");
  return JSON.parse(secretBox(secretKey).open(activeKey(server).privateCiphertext, server.id));
}

/**
 * Decides a token request after client authentication, so only clients learn which scopes exist. Unknown scopes are rejected here,
 * because oidc-provider drops them silently.
 */
async function resourceServerFor(server: ServerRecord, ctx: KoaContextWithOIDC, resource: string, client: Client) {
  const params = ctx.oidc.params ?? {};
  const scopes = scopesOf(typeof params.scope === "string" ? params.scope : undefined);
  const decision = await decideGrant(server, applicationOf(client), { scopes, resources: unpacked(resource) ?? [resource] });
  if (!decision.granted) throw new errors.CustomOIDCProviderError(decision.error, decision.description);
  // oidc-provider grants requested scopes only, so default scopes count as requested.
  if (decision.scopes.length > 0) params.scope = decision.scopes.join(" ");
  await untilTokensLive(server.id, client.clientId);
  return resourceServerOf(server, decision);
}

/** The non-standard claims of a token. A failing claim denies the token: the client gets its name, the log the reason. */
function claimsFor(server: ServerRecord, client: Client, scopes: ReadonlySet<string>): Record<string, unknown> {
  try {
    return Object.fromEntries(
      extraClaims(server, applicationOf(client), [...scopes].filter(Boolean)).map(({ name, value }) => [name, value]),
    );
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error;
    logger().warn({ reason: error.message, server: server.id, clientId: client.clientId }, "token denied: a claim failed");
    throw new errors.CustomOIDCProviderError("server_error", `The claim ${error.claim} failed. No token was issued.`);
  }
}

function build(server: ServerRecord): Provider {
  const protocol = protocolConfiguration(server);
  const provider = new Provider(issuerOf(server.id), {
    ...protocol,
    adapter: (model) => (model === "Client" ? clientAdapter(server.id) : recordAdapter(server.id, model)),
    jwks: { keys: [signingKey(server)] },
    extraClientMetadata: { properties: [APPLICATION_METADATA] },
    extraTokenClaims: (_ctx, token) => (token.client ? claimsFor(server, token.client, token.scopes) : undefined),
    responseTypes: [],
    scopes: [],
    ttl: { ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? FALLBACK_TTL_SECONDS },
    routes: ENDPOINTS,
    features: {
      ...protocol.features,
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => DEFAULT_RESOURCE,
        getResourceServerInfo: (ctx, resource, client) => resourceServerFor(server, ctx, resource, client),
      },
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
  });
  // oidc-provider accepts one audience only.
  const { setAudience } = provider.ClientCredentials.prototype;
  provider.ClientCredentials.prototype.setAudience = function setAudiences(this: ClientCredentials, audience: string | string[]) {
    const several = typeof audience === "string" ? unpacked(audience) : null;
    if (several === null) setAudience.call(this, audience);
    else this.aud = several;
  };
  completeProtocol(provider, server);
  provider.on("server_error", (_ctx, error) => {
    // A failed claim is already logged; a replay is the client's error.
    if (!(error instanceof errors.CustomOIDCProviderError || error instanceof AlreadyUsed))
      logger().error({ err: error, server: server.id }, "authorization server request failed");
  });
  return provider;
}

const built = () => singleton("oidc-providers", () => new WeakMap<ServerRecord, Provider>());

/**
 * The provider of a server record. A changed server is a new record with a new provider; in-flight requests finish on the old one.
 */
export function providerOf(server: ServerRecord): Provider {
  const known = built().get(server) ?? build(server);
  built().set(server, known);
  return known;
}
