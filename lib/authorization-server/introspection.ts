import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import { database } from "@/lib/platform/database";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { SIGNING_ALGORITHM } from "./signing-keys";

/** What an inactive token is answered with, and nothing else (RFC 7662 section 2.2). */
const INACTIVE = { active: false } as const;

export type Introspection = typeof INACTIVE | ({ active: true; token_type: "Bearer" } & Record<string, unknown>);

async function verified(server: ServerRecord, token: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: server.keys.map((key) => key.publicJwk) }), {
      issuer: issuerOf(server.id),
      typ: "at+jwt",
      algorithms: [SIGNING_ALGORITHM],
      requiredClaims: ["client_id", "sub", "aud", "exp", "iat", "jti"],
    });
    return payload;
  } catch {
    // Forged, expired, of another issuer or no token at all: the caller learns only that it is not active.
    return null;
  }
}

/** Answers for one of this server's JWT access tokens: active while its signature and time hold and its application and server are enabled. */
export async function introspectJwt(server: ServerRecord, token: string): Promise<Introspection> {
  const claims = await verified(server, token);
  if (!claims || typeof claims.client_id !== "string") return INACTIVE;
  const application = await database().application.findFirst({
    where: { clientId: claims.client_id, serverId: server.id, enabled: true, server: { enabled: true } },
    select: { id: true },
  });
  if (!application) return INACTIVE;
  const { scope, client_id, sub, aud, iss, exp, iat, jti, environment } = claims;
  return { active: true, scope, client_id, sub, aud, iss, exp, iat, jti, token_type: "Bearer", environment };
}
