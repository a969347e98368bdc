// An authorization server that is not Gatewright's: oidc-provider in a process of its own, with opaque tokens and
// introspection. PORT says where it listens; CLIENTS (a JSON list of client metadata) replaces its clients.
// It prints "ready <issuer>" when it listens and ends on SIGTERM.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const port = Number(process.env.PORT ?? process.argv[2] ?? 4455);
const issuer = `http://127.0.0.1:${port}`;
const SCOPES = "orders:read orders:write";

const common = { token_endpoint_auth_method: "client_secret_basic", redirect_uris: [], response_types: [] };
const clients = process.env.CLIENTS
  ? JSON.parse(process.env.CLIENTS)
  : [
      { ...common, client_id: "orders-app", client_secret: "secret", grant_types: ["client_credentials"] },
      { ...common, client_id: "gateway", client_secret: "secret", grant_types: [] },
    ];

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
  clientAuthMethods: ["client_secret_basic", "client_secret_post"],
  responseTypes: [],
  scopes: SCOPES.split(" "),
  ttl: { ClientCredentials: 600 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    // A resource server introspects tokens of other clients.
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:orders",
      getResourceServerInfo: () => ({ scope: SCOPES, audience: "urn:orders", accessTokenFormat: "opaque", accessTokenTTL: 600 }),
    },
    revocation: { enabled: true },
  },
});

const server = createServer(provider.callback());
server.listen(port, "127.0.0.1", () => console.log(`ready ${issuer}`));

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
