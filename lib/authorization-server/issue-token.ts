import { errors } from "oidc-provider";
import { logError, logSuccess } from "./audit";
import type { AuditedClient } from "./audited-client";
import { type ApplicationRecord, findApplication } from "./clients";
import { DEFAULT_RESOURCE, decideGrant, resourceServerOf, untilTokensLive } from "./grant";
import { TokenDenied } from "./oauth-error";
import { providerOf } from "./provider";
import { findServerNow } from "./server-records";
import { tokenIdOf } from "./token-id";

export { TokenDenied };

export interface TokenOrder {
  clientId: string;
  scopes: readonly string[];
  /** Resource parameters (RFC 8707). Absent: the server's audience. */
  resources?: readonly string[];
  /** Default and maximum: the rule's lifetime. */
  ttlSeconds?: number;
}

export interface IssuedToken {
  accessToken: string;
  tokenType: string;
  /** Seconds. */
  expiresIn: number;
  /** Null without scopes. */
  scope: string | null;
}

export const NO_APPLICATION = "The application is inactive or deleted.";

async function usableApplication(clientId: string, audited: AuditedClient): Promise<ApplicationRecord> {
  const application = await findApplication(clientId);
  if (application) Object.assign(audited, { application, serverId: application.serverId });
  if (!application?.enabled) throw new TokenDenied("unauthorized_client", NO_APPLICATION);
  if (application.dpopBound)
    throw new TokenDenied("unauthorized_client", "The application requires DPoP, so only the application itself can request its tokens.");
  return application;
}

async function issue({ clientId, scopes, resources = [], ttlSeconds }: TokenOrder, audited: AuditedClient): Promise<IssuedToken> {
  const application = await usableApplication(clientId, audited);
  const server = await findServerNow(application.serverId);
  const provider = server && providerOf(server);
  const client = await provider?.Client.find(clientId);
  if (!provider || !client) throw new TokenDenied("unauthorized_client", NO_APPLICATION);
  const decision = await decideGrant(server, application, { scopes: [...new Set(scopes)], resources });
  if (!decision.granted) throw new TokenDenied(decision.error, decision.description);
  await untilTokensLive(server.id, clientId);
  const scope = decision.scopes.join(" ");
  const expiresIn = Math.min(ttlSeconds ?? decision.lifetimeSeconds, decision.lifetimeSeconds);
  const token = new provider.ClientCredentials({
    client,
    scope: scope || undefined,
    resourceServer: new provider.ResourceServer(DEFAULT_RESOURCE, resourceServerOf(server, decision)),
    expiresIn,
  });
  try {
    const accessToken = await token.save();
    const tokenId = server.tokenFormat === "opaque" ? tokenIdOf(accessToken) : token.jti;
    logSuccess("token", audited, { tokenId, scope, audience: decision.audience, expiresIn });
    return { accessToken, tokenType: token.tokenType, expiresIn, scope: scope || null };
  } catch (error) {
    if (error instanceof errors.CustomOIDCProviderError)
      throw new TokenDenied("server_error", error.error_description ?? "The token couldn't be issued.");
    throw error;
  }
}

/**
 * Issues a token to an application without its secret, with the rules, claims and signing key of the token endpoint. It writes the
 * same log line as a token request.
 * @throws TokenDenied as at the token endpoint, and when the application requires DPoP
 */
export async function issueToken(order: TokenOrder): Promise<IssuedToken> {
  const audited: AuditedClient = { serverId: "unknown", clientId: order.clientId, application: null };
  try {
    return await issue(order, audited);
  } catch (error) {
    if (error instanceof TokenDenied) logError("token", audited, error);
    throw error;
  }
}
