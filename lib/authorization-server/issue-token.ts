import { errors } from "oidc-provider";
import { type AuditedClient, noteDenied, noteDone } from "./audit";
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
  /** The resource parameters (RFC 8707); none: the server's audience. */
  resources?: readonly string[];
  /** At most what the rule gives, which is also what it is when it is absent. */
  ttlSeconds?: number;
}

export interface IssuedToken {
  accessToken: string;
  tokenType: string;
  /** Seconds */
  expiresIn: number;
  /** Absent scopes are null. */
  scope: string | null;
}

/** What an application gets that is not there, or not there any more, without its secret being asked for. */
export const NO_APPLICATION = "The application is switched off or gone and gets no tokens.";

async function usableApplication(clientId: string, audited: AuditedClient): Promise<ApplicationRecord> {
  const application = await findApplication(clientId);
  if (application) Object.assign(audited, { application, serverId: application.serverId });
  if (!application?.enabled) throw new TokenDenied("unauthorized_client", NO_APPLICATION);
  if (application.dpopBound)
    throw new TokenDenied(
      "unauthorized_client",
      "The application gets only tokens that are bound to a key of its own (DPoP), so nobody else can get one for it.",
    );
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
    noteDone("token", audited, { tokenId, scope, audience: decision.audience, expiresIn });
    return { accessToken, tokenType: token.tokenType, expiresIn, scope: scope || null };
  } catch (error) {
    if (error instanceof errors.CustomOIDCProviderError)
      throw new TokenDenied("server_error", error.error_description ?? "The token could not be made.");
    throw error;
  }
}

/**
 * Issues a token to an application without its secret: by the rules, the claims and the signing key of the token endpoint. It
 * leaves a line in the log as a token request does.
 * @throws TokenDenied as the token endpoint would refuse, or because the application takes only tokens bound to its own key
 */
export async function issueToken(order: TokenOrder): Promise<IssuedToken> {
  const audited: AuditedClient = { serverId: "unknown", clientId: order.clientId, application: null };
  try {
    return await issue(order, audited);
  } catch (error) {
    if (error instanceof TokenDenied) noteDenied("token", audited, error);
    throw error;
  }
}
