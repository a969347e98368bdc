import { decodeJwt } from "jose";
import { z } from "zod";
import { clientAddress } from "@/lib/platform/client-address";
import { hasOtherKeys, prepareAssertion } from "./assertion";
import { logError, logSuccess } from "./audit";
import type { AuditedClient, Denial } from "./audited-client";
import { findApplication } from "./clients";
import { amEndpointUrl, ENDPOINTS, type EndpointName, endpointUrl } from "./endpoints";
import { type FormRequest, readFormRequest } from "./form-request";
import { JwksUnavailable } from "./jwks-fetch";
import { OAuthError, tooManyFailures, unauthenticated } from "./oauth-error";
import { providerOf } from "./provider";
import { callProvider, type ProviderResponse } from "./provider-request";
import type { ServerRecord } from "./server-records";
import { type ClientTry, throttle } from "./throttle";

/** The 503 error for an unavailable server. */
export const unavailable = (): OAuthError =>
  new OAuthError(503, "temporarily_unavailable", "The authorization server is temporarily unavailable. Try again later.", {
    "retry-after": "2",
  });

async function prepareKeys(server: ServerRecord, { assertion }: FormRequest): Promise<void> {
  if (!assertion) return;
  try {
    await prepareAssertion(server.id, assertion);
  } catch (error) {
    if (!(error instanceof JwksUnavailable)) throw error;
    // Not counted as a failed authentication: an unreachable key set or a missing key is no guess.
    throw unauthenticated(error.message);
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

/** The expected `htu` of a DPoP proof (RFC 9449, 4.3). Clients of Gravitee's path may use either URL of the endpoint. */
function calledUrl(server: ServerRecord, name: EndpointName, isAmPath: boolean, dpop: string | null): string {
  const own = endpointUrl(server.id, name);
  if (!isAmPath || (dpop !== null && htuOf(dpop) === own)) return own;
  return amEndpointUrl(server.id, name);
}

const errorSchema = z.object({ error: z.string(), error_description: z.string().default("") });

/** Reads the error of a response of oidc-provider; null for a success. */
function denialIn({ status, text, facts }: ProviderResponse): Denial | null {
  if (status < 400) return null;
  const { error, error_description: description } = errorSchema.parse(JSON.parse(text));
  return { status, error, description, reason: facts.reason };
}

async function authenticateAndCall(
  server: ServerRecord,
  name: EndpointName,
  isAmPath: boolean,
  form: FormRequest,
  by: ClientTry,
): Promise<ProviderResponse> {
  const waitSeconds = throttle().waitSeconds(by);
  if (waitSeconds > 0) throw tooManyFailures(waitSeconds);
  await prepareKeys(server, form);
  const call = () => callProvider(providerOf(server), ENDPOINTS[name], form, calledUrl(server, name, isAmPath, form.dpop));
  let answer = await call();
  if (answer.status === 401 && form.assertion && (await hasOtherKeys(server.id, form.assertion))) answer = await call();
  if (answer.status >= 500) throw unavailable();
  if (answer.status === 401) {
    const wait = await throttle().failed(by);
    throw wait > 0 ? tooManyFailures(wait) : unauthenticated(answer.facts.reason);
  }
  // Some 400 responses precede client authentication, so only 200 resets the throttle.
  if (answer.status === 200) throttle().succeeded(by);
  return answer;
}

/**
 * Handles a POST to the token, introspection or revocation endpoint: parses it, applies the throttle, calls oidc-provider.
 * Each request writes one log line.
 * @throws OAuthError for an invalid request, a failed authentication, and 503 when the server is unavailable
 */
export async function handleClientRequest(
  server: ServerRecord,
  name: EndpointName,
  isAmPath: boolean,
  request: Request,
): Promise<ProviderResponse> {
  const audited: AuditedClient = { serverId: server.id, clientId: null, application: null };
  try {
    const form = await readFormRequest(request);
    audited.clientId = form.clientId;
    const application = await findApplication(form.clientId);
    if (application?.serverId === server.id) audited.application = application;
    const by = { clientId: form.clientId, isKnown: application !== null, address: clientAddress(request.headers) };
    const answer = await authenticateAndCall(server, name, isAmPath, form, by);
    const denial = denialIn(answer);
    if (denial) logError(name, audited, denial);
    else logSuccess(name, audited, answer.facts);
    return answer;
  } catch (error) {
    if (error instanceof OAuthError) logError(name, audited, error);
    throw error;
  }
}
