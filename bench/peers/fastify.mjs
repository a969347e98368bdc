import proxy from "@fastify/http-proxy";
import Fastify from "fastify";
import { createRemoteJWKSet, jwtVerify } from "jose";

/**
 * Fastify with its own proxy and jose, as their documentation puts them together: the signature, issuer, audience and
 * lifetime of an RS256 token are checked on each request, then its scope; the key set is fetched once. No log, and the
 * proxy's default way to the backend, a keep-alive undici agent.
 */
const { BACKEND_URL, PORT, ISSUER, JWKS_URL, AUDIENCE, SCOPE } = process.env;
const keys = createRemoteJWKSet(new URL(JWKS_URL));
const rules = { issuer: ISSUER, audience: AUDIENCE, algorithms: ["RS256"] };

async function requireToken(request, reply) {
  const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (!token) return reply.code(401).header("www-authenticate", "Bearer").send({ message: "No token" });
  try {
    const { payload } = await jwtVerify(token, keys, rules);
    if (!String(payload.scope).split(" ").includes(SCOPE)) return reply.code(403).send({ message: "Missing scope" });
  } catch {
    return reply.code(401).header("www-authenticate", 'Bearer error="invalid_token"').send({ message: "Invalid token" });
  }
}

const server = Fastify({ logger: false });
server.register(proxy, { upstream: BACKEND_URL, preHandler: requireToken });
await server.listen({ port: Number(PORT), host: "127.0.0.1" });
