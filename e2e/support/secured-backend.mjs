// A backend that accepts only the tokens of its own authorization server (oidc-provider, opaque tokens), both in one
// process of their own. PORT says where the authorization server listens, BACKEND_PORT where the backend does. Besides the
// client credentials grant it has the resource owner password grant, which needs the parameter `audience`.
// GET /counts on the backend says how many tokens were issued by each grant, and POST /revoke ends every token there is.
// It prints "ready" when both listen and ends on SIGTERM.

import { createServer } from "node:http";
import Provider, { errors } from "oidc-provider";

const port = Number(process.env.PORT);
const backendPort = Number(process.env.BACKEND_PORT);
const CLIENT = { id: "gateway: +%&=", secret: process.env.CLIENT_SECRET };
const USER = { name: "svc", password: process.env.USER_PASSWORD };

const counts = { client_credentials: 0, password: 0 };
/** Tokens that were issued before this are good no longer. */
let revokedUntil = 0;
let issued = new Map();

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      grant_types: ["client_credentials", "password"],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  responseTypes: [],
  scopes: ["orders"],
  ttl: { ClientCredentials: 600 },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});

async function tokenFor(ctx, user) {
  const token = new provider.ClientCredentials({ client: ctx.oidc.client, scope: ctx.oidc.params.scope || undefined });
  const value = await token.save();
  ctx.body = { access_token: value, expires_in: token.expiration, token_type: "Bearer", scope: token.scope };
  issued.set(value, { user });
}

provider.registerGrantType(
  "password",
  async (ctx) => {
    const { username, password, audience } = ctx.oidc.params;
    if (username !== USER.name || password !== USER.password) throw new errors.InvalidGrant("wrong user or password");
    if (audience !== "orders") throw new errors.InvalidRequest("the parameter audience is missing or wrong");
    counts.password += 1;
    await tokenFor(ctx, username);
  },
  ["username", "password", "audience", "scope"],
);

provider.on("client_credentials.saved", (token) => {
  issued.set(token.jti, { user: null });
});
provider.on("grant.success", (ctx) => {
  if (ctx.oidc.params.grant_type === "client_credentials") counts.client_credentials += 1;
});

const authorizationServer = createServer(provider.callback());
authorizationServer.listen(port, "127.0.0.1");

const backend = createServer((request, response) => {
  const answer = (status, body, headers = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  request.resume();
  request.on("end", () => {
    if (request.url === "/counts") return answer(200, { ...counts, revokedUntil });
    if (request.url === "/revoke") {
      revokedUntil = Date.now();
      issued = new Map();
      return answer(200, {});
    }
    const [scheme, value = ""] = (request.headers.authorization ?? "").split(" ");
    const token = issued.get(value);
    if (scheme !== "Bearer" || !token)
      return answer(401, { error: "not one of my tokens" }, { "www-authenticate": 'Bearer realm="backend"' });
    return answer(200, { path: request.url, user: token.user });
  });
});
backend.listen(backendPort, "127.0.0.1", () => console.log("ready"));

function stop() {
  authorizationServer.close(() => undefined);
  authorizationServer.closeAllConnections();
  backend.close(() => process.exit(0));
  backend.closeAllConnections();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
