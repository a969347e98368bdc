import { type AccessToken, type Client, type ClientCredentials, errors, type RefreshToken } from "oidc-provider";
import { verifiedClaims } from "./introspection";
import { revokeToken } from "./revoked-tokens";
import type { ServerRecord } from "./server-records";
import { tokenIdOf } from "./token-id";

/**
 * The error for another client's token (RFC 7009, 2.1). It reveals no more than introspection does.
 */
const REFUSAL = {
  error: "unauthorized_client",
  error_description: "The token was issued to another application. Only that application can revoke it.",
};

/** Revokes an opaque token before oidc-provider deletes it, for gateways that cached it. @throws unauthorized_client */
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
 * Revokes a JWT access token of this server for the client that it was issued to. An invalid token gets the same response as a
 * revoked one (RFC 7009, 2.2).
 * @returns status, body, and the `jti` of a valid token
 * @throws when the database is unreachable
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
