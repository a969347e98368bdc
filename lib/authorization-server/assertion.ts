import { decodeJwt, decodeProtectedHeader } from "jose";
import { type Client, errors, type KoaContextWithOIDC } from "oidc-provider";
import { loadKeys, refetchKeys } from "./client-keys";
import { findApplication } from "./clients";
import { amEndpointUrl, endpointUrl } from "./endpoints";
import { issuerOf } from "./servers";

/** Maximum lifetime of an assertion, which bounds the use of a stolen one. */
const LIFE_MAX_SECONDS = 3600;
const CLOCK_TOLERANCE_SECONDS = 60;
const JTI_LENGTH_MAX = 256;
/** Accepted `typ` values; `typ` may be absent. Any other type is a JWT made for another purpose (RFC 8725, 3.11). */
const TYPES = ["jwt", "client-authentication+jwt"];

const invalidClient = (reason: string) => new errors.InvalidClientAuth(reason);

/** The accepted `aud` values of an assertion: the issuer or an endpoint of the server (RFC 7523, 3). */
export const expectedAudiences = (serverId: string): Set<string> =>
  new Set([
    issuerOf(serverId),
    ...(["token", "introspection", "revocation"] as const).flatMap((name) => [endpointUrl(serverId, name), amEndpointUrl(serverId, name)]),
  ]);

/** Reads the unverified `sub` and `kid` of an assertion; null when it isn't a JWT. */
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

/** The client's `jwks_uri`; null when it has none. */
async function jwksUriOf(serverId: string, clientId: string): Promise<string | null> {
  const application = await findApplication(clientId);
  const usesUrl = application?.enabled && application.serverId === serverId && application.authentication === "private_key_jwt";
  return usesUrl && !application.jwks ? application.jwksUri : null;
}

/**
 * Loads the keys that verify an assertion when its client has a `jwks_uri`.
 * @throws JwksUnavailable with the reason
 */
export async function prepareAssertion(serverId: string, { clientId, kid }: ClaimedAssertion): Promise<void> {
  const uri = await jwksUriOf(serverId, clientId);
  if (uri) await loadKeys(clientId, uri, kid);
}

/** Refetches the client's key set after its assertion was rejected. @returns whether the keys changed */
export async function hasOtherKeys(serverId: string, { clientId }: ClaimedAssertion): Promise<boolean> {
  const uri = await jwksUriOf(serverId, clientId);
  return uri ? refetchKeys(clientId, uri) : false;
}

/**
 * Checks what oidc-provider leaves to its host. oidc-provider itself checks the signature, `iss`, `sub`, `exp`, one `aud`
 * value, and that the `jti` is present and unused.
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
    throw invalidClient("the assertion's typ isn't JWT or client-authentication+jwt");
  if (claims.sub !== client.clientId) throw invalidClient("the assertion's sub isn't the client ID");
  if (typeof claims.exp !== "number" || claims.exp > now + LIFE_MAX_SECONDS + CLOCK_TOLERANCE_SECONDS)
    throw invalidClient("the assertion expires more than 1 hour from now");
  if (typeof claims.iat === "number" && claims.iat > now + CLOCK_TOLERANCE_SECONDS)
    throw invalidClient("the assertion's iat is in the future");
  if (typeof claims.jti !== "string" || claims.jti.length > JTI_LENGTH_MAX)
    throw invalidClient(`the assertion's jti is longer than ${JTI_LENGTH_MAX} characters`);
  const expected = ctx.oidc.clientJwtAuthExpectedAudience();
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  // Another audience could replay the assertion here.
  if (!audiences.every((audience) => typeof audience === "string" && expected.has(audience)))
    throw invalidClient("the assertion's aud names another server too");
}
