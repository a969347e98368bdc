import { decodeJwt, decodeProtectedHeader } from "jose";
import { type Client, errors, type KoaContextWithOIDC } from "oidc-provider";
import { keysHaveChanged, learnKeys } from "./client-keys";
import { findApplication } from "./clients";
import { amEndpointUrl, endpointUrl } from "./endpoints";
import { issuerOf } from "./servers";

/** How far ahead an assertion may expire: what is stolen later than that is worth nothing. */
const LIFE_MAX_SECONDS = 3600;
const CLOCK_TOLERANCE_SECONDS = 60;
const JTI_LENGTH_MAX = 256;
/** Without a type, or with one of these, it is a client's assertion; another type is a token that was made for something else (RFC 8725 section 3.11). */
const TYPES = ["jwt", "client-authentication+jwt"];

const refused = (reason: string) => new errors.InvalidClientAuth(reason);

/** What an assertion may be for: the server by its issuer, or the endpoint that it is sent to (RFC 7523 section 3). */
export const expectedAudiences = (serverId: string): Set<string> =>
  new Set([
    issuerOf(serverId),
    ...(["token", "introspection", "revocation"] as const).flatMap((name) => [endpointUrl(serverId, name), amEndpointUrl(serverId, name)]),
  ]);

/** What an assertion says of itself before anything is checked; null when it is no JWT. */
export function readAssertion(assertion: string): { clientId: string; kid: string | undefined } | null {
  try {
    const { sub } = decodeJwt(assertion);
    const { kid } = decodeProtectedHeader(assertion);
    return typeof sub === "string" && sub !== "" ? { clientId: sub, kid: typeof kid === "string" ? kid : undefined } : null;
  } catch {
    return null;
  }
}

interface ClaimedAssertion {
  clientId: string;
  kid: string | undefined;
}

/** Where the client keeps its keys; null when it keeps none at a URL. */
async function jwksUriOf(serverId: string, clientId: string): Promise<string | null> {
  const application = await findApplication(clientId);
  const usesUrl = application?.enabled && application.serverId === serverId && application.authentication === "private_key_jwt";
  return usesUrl && !application.jwks ? application.jwksUri : null;
}

/**
 * Has the keys ready that an assertion is checked with, when its client keeps them at a URL.
 * @throws JwksUnavailable with the reason
 */
export async function prepareAssertion(serverId: string, { clientId, kid }: ClaimedAssertion): Promise<void> {
  const uri = await jwksUriOf(serverId, clientId);
  if (uri) await learnKeys(clientId, uri, kid);
}

/** Looks for other keys after an assertion was rejected. @returns whether it's worth another check */
export async function hasOtherKeys(serverId: string, { clientId }: ClaimedAssertion): Promise<boolean> {
  const uri = await jwksUriOf(serverId, clientId);
  return uri ? keysHaveChanged(clientId, uri) : false;
}

/**
 * What oidc-provider leaves to its host: it has checked the signature, `iss`, `sub`, `exp`, that one audience is ours, and that
 * there is a `jti`; afterwards it sees to it that the `jti` is used once.
 * @throws InvalidClientAuth with the reason for the log
 */
export function checkAssertion(
  ctx: KoaContextWithOIDC,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
  client: Client,
): void {
  const now = Math.floor(Date.now() / 1000);
  const { typ } = header;
  if (typ !== undefined && !(typeof typ === "string" && TYPES.includes(typ.toLowerCase())))
    throw refused("the assertion is a token of another type");
  if (claims.sub !== client.clientId) throw refused("sub of the assertion is not the client");
  if (typeof claims.exp !== "number" || claims.exp > now + LIFE_MAX_SECONDS + CLOCK_TOLERANCE_SECONDS)
    throw refused("the assertion expires more than an hour ahead");
  if (typeof claims.iat === "number" && claims.iat > now + CLOCK_TOLERANCE_SECONDS) throw refused("the assertion was issued in the future");
  if (typeof claims.jti !== "string" || claims.jti.length > JTI_LENGTH_MAX) throw refused("jti of the assertion is too long");
  const ours = ctx.oidc.clientJwtAuthExpectedAudience();
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  // Another audience could present the assertion here in the client's name.
  if (!audiences.every((audience) => typeof audience === "string" && ours.has(audience))) throw refused("the assertion is for others too");
}
