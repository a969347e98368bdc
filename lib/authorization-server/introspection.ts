import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { ClientCredentials, KoaContextWithOIDC } from "oidc-provider";
import { z } from "zod";
import { singleton } from "@/lib/platform/singleton";
import { isRevoked } from "./revoked-tokens";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { SIGNING_ALGORITHM } from "./signing-keys";
import { tokenIdOf } from "./token-id";

/** The whole response for an inactive token (RFC 7662, 2.2). */
const INACTIVE = { active: false } as const;

export type IntrospectionResponse = typeof INACTIVE | ({ active: true } & Record<string, unknown>);

/** Claims of an access token of this server. */
const claimsSchema = z.looseObject({
  client_id: z.string(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  cnf: z.looseObject({ jkt: z.string().optional() }).optional(),
});
export type AccessTokenClaims = z.output<typeof claimsSchema>;

const VERIFIED_MAX = 10_000;
/** Verified tokens by hash. A valid signature stays valid; only the expiry and the key are checked again. */
const verifiedTokens = () =>
  singleton("verified-tokens", () => new LRUCache<string, { kid: string; claims: AccessTokenClaims }>({ max: VERIFIED_MAX }));

const keySets = new WeakMap<ServerRecord, ReturnType<typeof createLocalJWKSet>>();

function keySetOf(server: ServerRecord): ReturnType<typeof createLocalJWKSet> {
  const known = keySets.get(server) ?? createLocalJWKSet({ keys: server.keys.map((key) => key.publicJwk) });
  keySets.set(server, known);
  return known;
}

/** Whether the key is still published: a previous key verifies until the last token that it signed has expired. */
function isCurrentKey(server: ServerRecord, kid: string): boolean {
  return server.keys.some((candidate) => candidate.kid === kid);
}

async function checked(server: ServerRecord, token: string): Promise<{ kid: string; claims: JWTPayload }> {
  const { payload, protectedHeader } = await jwtVerify(token, keySetOf(server), {
    issuer: issuerOf(server.id),
    typ: "at+jwt",
    algorithms: [SIGNING_ALGORITHM],
    requiredClaims: ["client_id", "sub", "aud", "exp", "iat", "jti"],
  });
  return { kid: protectedHeader.kid ?? "", claims: payload };
}

/** The claims of a valid JWT access token of this server; otherwise null. */
export async function verifiedClaims(server: ServerRecord, token: string): Promise<AccessTokenClaims | null> {
  const memoryKey = `${issuerOf(server.id)} ${tokenIdOf(token)}`;
  let known = verifiedTokens().get(memoryKey);
  if (!known) {
    try {
      const { kid, claims } = await checked(server, token);
      known = { kid, claims: claimsSchema.parse(claims) };
    } catch {
      // The client learns only that the token is inactive.
      return null;
    }
    verifiedTokens().set(memoryKey, known);
  }
  return known.claims.exp * 1000 > Date.now() && isCurrentKey(server, known.kid) ? known.claims : null;
}

/** Whether the server and the token's application are active, and the token isn't revoked. */
async function isActiveToken(
  ctx: KoaContextWithOIDC,
  server: ServerRecord,
  token: { tokenId: string; clientId: string; issuedAt: number },
) {
  if (!server.enabled) return false;
  const { client, provider } = ctx.oidc;
  const owner = client?.clientId === token.clientId ? client : await provider.Client.find(token.clientId);
  return owner !== undefined && !(await isRevoked(server.id, token));
}

/** Introspects a JWT access token of this server. @throws when the database is unreachable */
export async function introspectJwt(ctx: KoaContextWithOIDC, server: ServerRecord, token: string): Promise<IntrospectionResponse> {
  const claims = await verifiedClaims(server, token);
  if (!claims) return INACTIVE;
  const { client_id: clientId, jti: tokenId, iat: issuedAt } = claims;
  if (!(await isActiveToken(ctx, server, { tokenId, clientId, issuedAt }))) return INACTIVE;
  return { ...claims, active: true, token_type: claims.cnf?.jkt === undefined ? "Bearer" : "DPoP" };
}

/** Whether a stored opaque token is active. @throws when the database is unreachable */
export const isActive = (ctx: KoaContextWithOIDC, server: ServerRecord, token: Pick<ClientCredentials, "jti" | "clientId" | "iat">) =>
  isActiveToken(ctx, server, { tokenId: tokenIdOf(token.jti), clientId: token.clientId ?? "", issuedAt: token.iat });

/** Completes oidc-provider's introspection of an active opaque token: `sub` is the client, `jti` the hash. */
export function completeOpaque(answer: Record<string, unknown>, token: string): Record<string, unknown> {
  return answer.active === true ? { ...answer, sub: answer.sub ?? answer.client_id, jti: tokenIdOf(token) } : answer;
}
