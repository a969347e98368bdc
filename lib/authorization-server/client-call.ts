import { decodeJwt } from "jose";
import { z } from "zod";
import { clientAddress } from "@/lib/platform/client-address";
import { hasOtherKeys, prepareAssertion } from "./assertion";
import { type AuditedClient, type Denial, noteDenied, noteDone } from "./audit";
import { findApplication } from "./clients";
import { amEndpointUrl, ENDPOINTS, type EndpointName, endpointUrl } from "./endpoints";
import { type FormRequest, readFormRequest } from "./form-request";
import { JwksUnavailable } from "./jwks-fetch";
import { OAuthError, tooManyFailures, unauthenticated } from "./oauth-error";
import { providerOf } from "./provider";
import { callProvider, type ProviderAnswer } from "./provider-call";
import type { ServerRecord } from "./server-records";
import { type ClientTry, throttle } from "./throttle";

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
    // Not counted as a failure: a client whose key set is unreachable, or has no such key yet, guesses nothing.
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

/** What a proof has to be for (RFC 9449 section 4.3). Who calls by Gravitee's path may know the endpoint by either of its names. */
function calledUrl(server: ServerRecord, name: EndpointName, isAmPath: boolean, dpop: string | null): string {
  const own = endpointUrl(server.id, name);
  if (!isAmPath || (dpop !== null && htuOf(dpop) === own)) return own;
  return amEndpointUrl(server.id, name);
}

const errorSchema = z.object({ error: z.string(), error_description: z.string().default("") });

/** What an answer of oidc-provider's denies; null when it denies nothing. */
function denialIn({ status, text, facts }: ProviderAnswer): Denial | null {
  if (status < 400) return null;
  const { error, error_description: description } = errorSchema.parse(JSON.parse(text));
  return { status, error, description, reason: facts.reason };
}

async function ask(server: ServerRecord, name: EndpointName, isAmPath: boolean, form: FormRequest, by: ClientTry): Promise<ProviderAnswer> {
  const waitSeconds = throttle().waitSeconds(by);
  if (waitSeconds > 0) throw tooManyFailures(waitSeconds);
  await prepareKeys(server, form);
  const call = () => callProvider(providerOf(server), ENDPOINTS[name], form, calledUrl(server, name, isAmPath, form.dpop));
  let answer = await call();
  if (answer.status === 401 && form.assertion && (await hasOtherKeys(server.id, form.assertion))) answer = await call();
  if (answer.status >= 500) throw away();
  if (answer.status === 401) {
    const wait = await throttle().failed(by);
    throw wait > 0 ? tooManyFailures(wait) : unauthenticated(answer.facts.reason);
  }
  // Some of what is 400 is refused before the credentials are looked at: it proves nothing.
  if (answer.status === 200) throttle().succeeded(by);
  return answer;
}

/**
 * Answers a client's POST to the token, introspection or revocation endpoint: parses it, applies the throttle, calls
 * oidc-provider. Each leaves a line in the log.
 * @throws OAuthError for everything that is refused before, for every failed authentication, and 503 when the server is away
 */
export async function answerClient(server: ServerRecord, name: EndpointName, isAmPath: boolean, request: Request): Promise<ProviderAnswer> {
  const audited: AuditedClient = { serverId: server.id, clientId: null, application: null };
  try {
    const form = await readFormRequest(request);
    audited.clientId = form.clientId;
    const application = await findApplication(form.clientId);
    if (application?.serverId === server.id) audited.application = application;
    const by = { clientId: form.clientId, isKnown: application !== null, address: clientAddress(request.headers) };
    const answer = await ask(server, name, isAmPath, form, by);
    const denial = denialIn(answer);
    if (denial) noteDenied(name, audited, denial);
    else noteDone(name, audited, answer.facts);
    return answer;
  } catch (error) {
    if (error instanceof OAuthError) noteDenied(name, audited, error);
    throw error;
  }
}
