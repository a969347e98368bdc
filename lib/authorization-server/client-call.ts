import { decodeJwt } from "jose";
import { clientAddress } from "@/lib/platform/client-address";
import { logger } from "@/lib/platform/log";
import { prepareAssertion } from "./assertion";
import { findApplication } from "./clients";
import { amEndpointUrl, ENDPOINTS, type EndpointName, endpointUrl } from "./endpoints";
import { type FormRequest, readFormRequest } from "./form-request";
import { JwksUnavailable } from "./jwks-fetch";
import { OAuthError, tooManyFailures, unauthenticated } from "./oauth-error";
import { providerOf } from "./provider";
import { callProvider, type ProviderAnswer } from "./provider-call";
import type { ServerRecord } from "./server-records";
import { throttle } from "./throttle";

/** The server cannot answer at this moment, and nothing is wrong with the request. */
export const away = (): OAuthError =>
  new OAuthError(503, "temporarily_unavailable", "The authorization server cannot answer right now. Try again in a moment.", {
    "retry-after": "2",
  });

async function prepareKeys(server: ServerRecord, { assertion }: FormRequest): Promise<void> {
  if (!assertion) return;
  try {
    await prepareAssertion(server.id, assertion);
  } catch (error) {
    if (!(error instanceof JwksUnavailable)) throw error;
    // Not counted as a failure: a client whose key set was away for a while is not a client that guesses.
    logger().warn({ server: server.id, clientId: assertion.clientId, reason: error.message }, "a client could not authenticate");
    throw unauthenticated();
  }
}

function htuOf(proof: string): string | null {
  try {
    const { htu } = decodeJwt(proof);
    const url = new URL(String(htu));
    return `${url.origin}${url.pathname}`;
  } catch {
    return null;
  }
}

/** What a proof has to be for (RFC 9449 section 4.3). Who calls by Gravitee's path may know the endpoint by either of its names. */
function calledUrl(server: ServerRecord, name: EndpointName, isAmPath: boolean, dpop: string | null): string {
  const own = endpointUrl(server.id, name);
  if (!isAmPath || (dpop !== null && htuOf(dpop) === own)) return own;
  return amEndpointUrl(server.id, name);
}

/**
 * Answers a client's POST to the token, introspection or revocation endpoint: reads it, refuses who has failed too often, and
 * has oidc-provider do the rest.
 * @throws OAuthError for everything that is refused before, for every failed authentication, and 503 when the server is away
 */
export async function answerClient(server: ServerRecord, name: EndpointName, isAmPath: boolean, request: Request): Promise<ProviderAnswer> {
  const form = await readFormRequest(request);
  const isKnown = (await findApplication(form.clientId)) !== null;
  const by = { clientId: form.clientId, isKnown, address: clientAddress(request.headers) };
  const waitSeconds = throttle().waitSeconds(by);
  if (waitSeconds > 0) throw tooManyFailures(waitSeconds);
  await prepareKeys(server, form);
  const answer = await callProvider(providerOf(server), ENDPOINTS[name], form, calledUrl(server, name, isAmPath, form.dpop));
  if (answer.status >= 500) throw away();
  if (answer.status === 401) {
    const wait = await throttle().failed(by);
    throw wait > 0 ? tooManyFailures(wait) : unauthenticated();
  }
  // Some of what is 400 is refused before the credentials are looked at: it proves nothing.
  if (answer.status === 200) throttle().succeeded(by);
  return answer;
}
