import { Agent } from "node:http";
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import { createProxyMiddleware } from "http-proxy-middleware";

/**
 * Express with the two packages that people take for this: an RS256 token is checked on each request, the key set is
 * fetched once. Connections to the backend are kept alive, which http-proxy-middleware does not do by itself. No log.
 */
const { BACKEND_URL, PORT, ISSUER, JWKS_URL, AUDIENCE, SCOPE } = process.env;
const app = express();
app.disable("x-powered-by");
app.use(auth({ issuer: ISSUER, jwksUri: JWKS_URL, audience: AUDIENCE, tokenSigningAlg: "RS256" }));
app.use(requiredScopes(SCOPE));
app.use(createProxyMiddleware({ target: BACKEND_URL, agent: new Agent({ keepAlive: true, maxSockets: 64 }) }));
app.use((error, _request, response, _next) => {
  response.set(error.headers ?? {});
  response.status(error.status ?? 500).json({ message: error.message });
});
app.listen(Number(PORT), "127.0.0.1");
