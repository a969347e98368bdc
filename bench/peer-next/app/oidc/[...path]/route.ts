import { generateKeyPairSync } from "node:crypto";
import { toFetchResponse, toReqRes } from "fetch-to-node";
import Provider from "oidc-provider";

const SCOPES = "orders:read orders:write";

/**
 * A bare oidc-provider with its own memory for a store: one client, scopes from its configuration, no policies. The resource
 * `urn:opaque` gets opaque tokens, which are the only ones that it introspects.
 */
function createProvider(): ReturnType<Provider["callback"]> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider("http://127.0.0.1", {
    clients: [
      {
        client_id: "bench",
        client_secret: "secret",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    responseTypes: [],
    scopes: SCOPES.split(" "),
    ttl: { ClientCredentials: 3600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "urn:orders",
        getResourceServerInfo: (_ctx, resource) => ({
          scope: SCOPES,
          audience: resource,
          accessTokenFormat: resource === "urn:opaque" ? "opaque" : "jwt",
          accessTokenTTL: 3600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  return provider.callback();
}

// A route is loaded more than once; its tokens are in one memory all the same.
const known = globalThis as { benchProvider?: ReturnType<Provider["callback"]> };

/** The minimum code to run oidc-provider in a route handler. */
export async function POST(request: Request, context: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const { path } = await context.params;
  known.benchProvider ??= createProvider();
  const { req, res } = toReqRes(
    new Request(`http://127.0.0.1/${path.join("/")}`, {
      method: "POST",
      headers: request.headers,
      body: await request.arrayBuffer(),
    }),
  );
  // The request has no socket; Koa reads `encrypted`.
  Object.defineProperty(req, "socket", { value: { encrypted: false } });
  await known.benchProvider(req, res);
  return toFetchResponse(res);
}
