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
import { recordAdapter, UsedBefore } from "./record-adapter";
import { ClaimFailed } from "./rules/claims";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { extraClaims } from "./token-claims";

/** How long a token lives that no rule was asked about, in seconds; there is none. */
const FALLBACK_TTL_SECONDS = 300;

/** The private half of the key that signs. The others are published, and nothing is signed with them. */
function signingKey(server: ServerRecord): JWK {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set: the signing keys cannot be read.");
  return JSON.parse(secretBox(secretKey).open(activeKey(server).privateCiphertext, server.id));
}

/**
 * The decision for a token request; it runs after the client is authenticated, so that nobody else learns which
 * scopes there are. oidc-provider drops the scopes that it does not know: here they are refused before.
 */
async function resourceServerFor(server: ServerRecord, ctx: KoaContextWithOIDC, resource: string, client: Client) {
  const params = ctx.oidc.params ?? {};
  const scopes = scopesOf(typeof params.scope === "string" ? params.scope : undefined);
  const decision = await decideGrant(server, applicationOf(client), { scopes, resources: unpacked(resource) ?? [resource] });
  if (!decision.granted) throw new errors.CustomOIDCProviderError(decision.error, decision.description);
  // What is granted of itself counts as asked for: oidc-provider gives nothing else.
  if (decision.scopes.length > 0) params.scope = decision.scopes.join(" ");
  await untilTokensLive(server.id, client.clientId);
  return resourceServerOf(server, decision);
}

/** The claims that go into a token beside the standard ones. One that cannot be made leaves no token: the caller learns which, the log why. */
function claimsFor(server: ServerRecord, client: Client, scopes: ReadonlySet<string>): Record<string, unknown> {
  try {
    return Object.fromEntries(
      extraClaims(server, applicationOf(client), [...scopes].filter(Boolean)).map(({ name, value }) => [name, value]),
    );
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error;
    logger().warn(
      { reason: error.message, server: server.id, clientId: client.clientId },
      "a claim could not be made, so no token was issued",
    );
    throw new errors.CustomOIDCProviderError("server_error", `The claim ${error.claim} could not be made. No token was issued.`);
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
  // Of several audiences oidc-provider takes none.
  const { setAudience } = provider.ClientCredentials.prototype;
  provider.ClientCredentials.prototype.setAudience = function setAudiences(this: ClientCredentials, audience: string | string[]) {
    const several = typeof audience === "string" ? unpacked(audience) : null;
    if (several === null) setAudience.call(this, audience);
    else this.aud = several;
  };
  completeProtocol(provider, server);
  provider.on("server_error", (_ctx, error) => {
    // A claim that could not be made is in the log already, with why; a proof that was used twice is the caller's fault.
    if (!(error instanceof errors.CustomOIDCProviderError || error instanceof UsedBefore))
      logger().error({ err: error, server: server.id }, "an authorization server could not answer");
  });
  return provider;
}

const built = () => singleton("oidc-providers", () => new WeakMap<ServerRecord, Provider>());

/**
 * The provider of a server. A record is the same object while nothing of the server changes; when something does,
 * a new provider takes over, and requests in flight finish on the old one.
 */
export function providerOf(server: ServerRecord): Provider {
  const known = built().get(server) ?? build(server);
  built().set(server, known);
  return known;
}
