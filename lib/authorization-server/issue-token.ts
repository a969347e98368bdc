import { database } from "@/lib/platform/database";
import { decideGrant, TOKEN_TTL_SECONDS } from "./grant";
import { TokenDenied } from "./oauth-error";
import { DEFAULT_RESOURCE, providerOf } from "./provider";
import { findServer } from "./server-records";

export { TokenDenied };

export interface TokenOrder {
  clientId: string;
  scopes: readonly string[];
  /** At most the usual life of a token. */
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

const notIssued = () => new TokenDenied("unauthorized_client", "The application is switched off or gone and gets no tokens.");

/**
 * Issues a token to an application without its secret: by the rules, the claims and the signing key of the token endpoint.
 * @throws TokenDenied as the token endpoint would refuse
 */
export async function issueToken({ clientId, scopes, ttlSeconds = TOKEN_TTL_SECONDS }: TokenOrder): Promise<IssuedToken> {
  const application = await database().application.findUnique({ where: { clientId }, select: { serverId: true } });
  const server = application && (await findServer(application.serverId));
  if (!server) throw notIssued();
  const provider = providerOf(server);
  const client = await provider.Client.find(clientId);
  if (!client) throw notIssued();
  const granted = await decideGrant(server, client, [...new Set(scopes)]);
  const expiresIn = Math.min(ttlSeconds, TOKEN_TTL_SECONDS);
  const token = new provider.ClientCredentials({
    client,
    scope: granted.scope || undefined,
    resourceServer: new provider.ResourceServer(DEFAULT_RESOURCE, granted),
    expiresIn,
  });
  return { accessToken: await token.save(), tokenType: token.tokenType, expiresIn, scope: granted.scope || null };
}
