import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { answering, freePort, start } from "./processes.mjs";

const PROGRAM = fileURLToPath(new URL("authorization-server.mjs", import.meta.url));
const CLIENT = { clientId: "gateway", clientSecret: randomBytes(32).toString("base64url") };

/** What every API and every peer here requires, and what the tokens have. */
export const SCOPE = "orders:read";
export const SCOPES = `${SCOPE} orders:write`;
export const AUDIENCE = "https://orders.example";

/** An opaque token. The benchmarks' authorization server returns every one as active. */
export const opaqueToken = () => randomBytes(32).toString("base64url");

/**
 * An authorization server that is not ours, in its own process: introspection, after a delay if one is wanted, and signed
 * tokens with their key set.
 */
export async function startForeignServer({ delayMs = 0 } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "bench", alg: "RS256", use: "sig" };
  const child = start(process.execPath, [PROGRAM], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      DELAY_MS: String(delayMs),
      SCOPE: SCOPES,
      CLIENT_ID: CLIENT.clientId,
      CLIENT_SECRET: CLIENT.clientSecret,
      JWKS: JSON.stringify({ keys: [key] }),
    },
  });
  await answering(`${url}/counts`, child);
  const introspectionEndpoint = `${url}/introspect`;
  const jwksUrl = `${url}/keys`;
  return {
    ...CLIENT,
    introspectionEndpoint,
    issuer: url,
    jwksUrl,
    /** Definitions' resources that check tokens with this server. */
    introspectionResource: {
      name: "server",
      type: "oauth2-introspection",
      config: { introspectionEndpoint, ...CLIENT, cacheTtlSeconds: 3600 },
    },
    jwtResource: { name: "server", type: "oauth2-jwt", config: { issuer: url, jwksUrl, audiences: [AUDIENCE], algorithms: ["RS256"] } },
    /** An endpoint's security: the backend's tokens come from this server. */
    endpointSecurity: { type: "oauth2", grantType: "clientCredentials", tokenUrl: `${url}/token`, ...CLIENT },
    signedToken: () =>
      new SignJWT({ scope: SCOPES, client_id: "caller" })
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "bench" })
        .setIssuer(url)
        .setAudience(AUDIENCE)
        .setSubject("caller")
        .setIssuedAt()
        .setExpirationTime("2h")
        .sign(privateKey),
    /** How many introspections and token requests there were, of how many tokens, and how many of the most asked one. */
    counts: async () => (await fetch(`${url}/counts`)).json(),
  };
}
