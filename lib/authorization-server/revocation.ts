import { type AccessToken, type Client, type ClientCredentials, errors, type RefreshToken } from "oidc-provider";
import { revokeToken } from "./ended";
import { verifiedClaims } from "./introspection";
import type { ServerRecord } from "./server-records";
import { tokenIdOf } from "./token-id";

/**
 * Revoking another client's token is refused, as RFC 7009 section 2.1 wants it. Whoever finds a leaked token must not believe
 * that it is dead; and it tells a client nothing that introspection, which it may ask, would not tell.
 */
const REFUSAL = {
  error: "unauthorized_client",
  error_description: "The token was issued to another application, which alone may revoke it.",
};

/** Revokes an opaque token before oidc-provider deletes it, so that gateways that remember it learn of it. @throws unauthorized_client */
export async function revokeOpaque(
  server: ServerRecord,
  client: Client,
  token: AccessToken | ClientCredentials | RefreshToken,
): Promise<true> {
  if (token.clientId !== client.clientId) throw new errors.CustomOIDCProviderError(REFUSAL.error, REFUSAL.error_description);
  await revokeToken(server.id, tokenIdOf(token.jti), new Date((token.exp ?? 0) * 1000));
  return true;
}

/**
 * Revokes one of this server's JWT access tokens for the client that it was issued to. What is no good token needs no
 * revoking and is answered like one that was revoked (RFC 7009 section 2.2).
 * @returns the answer: status and body, and the id of a token that is one
 * @throws when the database is away
 */
export async function revokeJwt(
  server: ServerRecord,
  client: Client,
  token: string,
): Promise<{
  status: number;
  body: object | "";
  tokenId?: string;
}> {
  const claims = await verifiedClaims(server, token);
  if (!claims) return { status: 200, body: "" };
  if (claims.client_id !== client.clientId) return { status: 400, body: REFUSAL, tokenId: claims.jti };
  await revokeToken(server.id, claims.jti, new Date(claims.exp * 1000));
  return { status: 200, body: "", tokenId: claims.jti };
}
