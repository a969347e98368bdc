import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { ClientCredentials, KoaContextWithOIDC } from "oidc-provider";
import { z } from "zod";
import { singleton } from "@/lib/platform/singleton";
import { isEnded } from "./ended";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { SIGNING_ALGORITHM } from "./signing-keys";
import { tokenIdOf } from "./token-id";

/** What an inactive token is answered with, and nothing else (RFC 7662 section 2.2). */
const INACTIVE = { active: false } as const;

export type Introspection = typeof INACTIVE | ({ active: true } & Record<string, unknown>);

/** An access token of ours by its claims. */
const claimsSchema = z.looseObject({
  client_id: z.string(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  cnf: z.looseObject({ jkt: z.string().optional() }).optional(),
});
export type AccessTokenClaims = z.output<typeof claimsSchema>;

const VERIFIED_MAX = 10_000;
/** A signature that held once holds: what can end is the token's time and its key's. */
const verifiedTokens = () =>
  singleton("verified-tokens", () => new LRUCache<string, { kid: string; claims: AccessTokenClaims }>({ max: VERIFIED_MAX }));

const keySets = new WeakMap<ServerRecord, ReturnType<typeof createLocalJWKSet>>();

function keySetOf(server: ServerRecord): ReturnType<typeof createLocalJWKSet> {
  const known = keySets.get(server) ?? createLocalJWKSet({ keys: server.keys.map((key) => key.publicJwk) });
  keySets.set(server, known);
  return known;
}

/** Whether what this key signed is still good: a former key verifies until the last token that it signed has expired. */
function isGoodKey(server: ServerRecord, kid: string): boolean {
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

/** The claims of one of this server's JWT access tokens; null when it is forged, expired, of another server or no token at all. */
export async function verifiedClaims(server: ServerRecord, token: string): Promise<AccessTokenClaims | null> {
  const memoryKey = `${issuerOf(server.id)} ${tokenIdOf(token)}`;
  let known = verifiedTokens().get(memoryKey);
  if (!known) {
    try {
      const { kid, claims } = await checked(server, token);
      known = { kid, claims: claimsSchema.parse(claims) };
    } catch {
      // The caller learns only that it is not active.
      return null;
    }
    verifiedTokens().set(memoryKey, known);
  }
  return known.claims.exp * 1000 > Date.now() && isGoodKey(server, known.kid) ? known.claims : null;
}

/** Whether the server, and the application that the token was issued to, are still there and on, and neither they nor somebody else ended it. */
async function isGood(ctx: KoaContextWithOIDC, server: ServerRecord, token: { tokenId: string; clientId: string; issuedAt: number }) {
  if (!server.enabled) return false;
  const { client: caller, provider } = ctx.oidc;
  const owner = caller?.clientId === token.clientId ? caller : await provider.Client.find(token.clientId);
  return owner !== undefined && !(await isEnded(server.id, token));
}

/** Answers for one of this server's JWT access tokens. @throws when the database is away */
export async function introspectJwt(ctx: KoaContextWithOIDC, server: ServerRecord, token: string): Promise<Introspection> {
  const claims = await verifiedClaims(server, token);
  if (!claims) return INACTIVE;
  const { client_id: clientId, jti: tokenId, iat: issuedAt } = claims;
  if (!(await isGood(ctx, server, { tokenId, clientId, issuedAt }))) return INACTIVE;
  return { ...claims, active: true, token_type: claims.cnf?.jkt === undefined ? "Bearer" : "DPoP" };
}

/** Whether an opaque token that is there is active. @throws when the database is away */
export const isActive = (ctx: KoaContextWithOIDC, server: ServerRecord, token: Pick<ClientCredentials, "jti" | "clientId" | "iat">) =>
  isGood(ctx, server, { tokenId: tokenIdOf(token.jti), clientId: token.clientId ?? "", issuedAt: token.iat });

/** Completes what oidc-provider answers for an active opaque token: its subject is its client, and its id is no secret. */
export function completeOpaque(answer: Record<string, unknown>, token: string): Record<string, unknown> {
  return answer.active === true ? { ...answer, sub: answer.sub ?? answer.client_id, jti: tokenIdOf(token) } : answer;
}
