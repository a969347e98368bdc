import Provider, { type Client, errors, type JWK, type KoaContextWithOIDC } from "oidc-provider";
import { environment } from "@/lib/platform/env";
import { logger } from "@/lib/platform/log";
import { secretBox } from "@/lib/platform/secrets";
import { singleton } from "@/lib/platform/singleton";
import { verifyClientSecret } from "./applications";
import { APPLICATION_METADATA, applicationOf, clientAdapter } from "./clients";
import { decideGrant, scopesOf, TOKEN_TTL_SECONDS } from "./grant";
import { introspectJwt } from "./introspection";
import { TokenDenied } from "./oauth-error";
import { recordAdapter } from "./record-adapter";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

/** Stands for the server's own audience, which need not be a URI, where a client names no resource. */
export const DEFAULT_RESOURCE = "urn:gatewright:resource:default";

/** The endpoints that oidc-provider answers, below the issuer. */
export const ENDPOINTS = { token: "/v1/token", introspection: "/v1/introspect", jwks: "/v1/keys" } as const;

function privateKeys(server: ServerRecord): JWK[] {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set: the signing keys cannot be read.");
  const box = secretBox(secretKey);
  return server.keys.map((key) => JSON.parse(box.open(key.privateCiphertext, server.id)));
}

/**
 * The decision for a token request; it runs after the client is authenticated, so that nobody else learns which
 * scopes there are. oidc-provider drops the scopes that it does not know: here they are refused before.
 */
async function resourceServerFor(server: ServerRecord, ctx: KoaContextWithOIDC, resource: string, client: Client) {
  if (resource !== DEFAULT_RESOURCE && resource !== server.audience)
    throw new errors.InvalidTarget("this authorization server issues no tokens for that resource");
  const { scope } = ctx.oidc.params ?? {};
  try {
    return await decideGrant(server, client, scopesOf(typeof scope === "string" ? scope : undefined));
  } catch (error) {
    if (error instanceof TokenDenied) throw new errors.CustomOIDCProviderError(error.error, error.description);
    throw error;
  }
}

/** Whether oidc-provider authenticated the client and then refused the token because it is a JWT, which it does not store. */
const refusedJwt = (ctx: KoaContextWithOIDC): boolean =>
  ctx.oidc?.route === "introspection" &&
  typeof ctx.body === "object" &&
  ctx.body !== null &&
  "error" in ctx.body &&
  ctx.body.error === "unsupported_token_type";

function build(server: ServerRecord): Provider {
  const provider = new Provider(issuerOf(server.id), {
    adapter: (model) => (model === "Client" ? clientAdapter(server.id) : recordAdapter(server.id, model)),
    jwks: { keys: privateKeys(server) },
    clientAuthMethods: ["client_secret_basic", "client_secret_post"],
    extraClientMetadata: { properties: [APPLICATION_METADATA] },
    extraTokenClaims: (_ctx, token) => (token.client ? { environment: applicationOf(token.client).environment } : undefined),
    responseTypes: [],
    scopes: [],
    ttl: { ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? TOKEN_TTL_SECONDS },
    routes: ENDPOINTS,
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => DEFAULT_RESOURCE,
        getResourceServerInfo: (ctx, resource, client) => resourceServerFor(server, ctx, resource, client),
      },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
  });
  provider.Client.prototype.compareClientSecret = function compareClientSecret(this: Client, given: string) {
    return verifyClientSecret(applicationOf(this).id, given);
  };
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    const token = ctx.oidc?.params?.token;
    if (!refusedJwt(ctx) || typeof token !== "string") return;
    ctx.status = 200;
    ctx.body = await introspectJwt(server, token);
  });
  provider.on("server_error", (_ctx, error) =>
    logger().error({ err: error, server: server.id }, "an authorization server could not answer"),
  );
  return provider;
}

const built = () => singleton("oidc-providers", () => new Map<string, { configuration: string; provider: Provider }>());

/** The provider of a server; built anew when its configuration has changed. */
export function providerOf(server: ServerRecord): Provider {
  const configuration = JSON.stringify([issuerOf(server.id), server.audience, server.enabled, server.keys.map((key) => key.kid)]);
  const known = built().get(server.id);
  if (known?.configuration === configuration) return known.provider;
  const provider = build(server);
  built().set(server.id, { configuration, provider });
  return provider;
}
