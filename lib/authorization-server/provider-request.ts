import { type DispatchFunc, inject } from "light-my-request";
import type Provider from "oidc-provider";
import { type AuditFacts, readFacts } from "./audit-facts";
import { CALLED_URL_HEADER, FACTS_HEADER } from "./endpoints";
import type { FormRequest } from "./form-request";

const handlers = new WeakMap<Provider, DispatchFunc>();

function handlerOf(provider: Provider): DispatchFunc {
  const known = handlers.get(provider);
  if (known) return known;
  const callback = provider.callback();
  const encrypted = provider.issuer.startsWith("https:");
  const handler: DispatchFunc = (request, response) => {
    // The injected request has no connection; Koa reads `encrypted`.
    Object.assign(request.socket, { encrypted });
    void callback(request, response);
  };
  handlers.set(provider, handler);
  return handler;
}

/** A response of oidc-provider. */
export interface ProviderResponse {
  status: number;
  /** JSON or empty. */
  text: string;
  /** The nonce of the next DPoP proof (RFC 9449, 8.2). */
  dpopNonce: string | null;
  /** Log fields. */
  facts: AuditFacts;
}

/**
 * Sends a POST to oidc-provider, built from the validated form: with the issuer's host and `Accept: application/json`, without
 * `Origin`. Node's request and response objects are used, because web streams cost a quarter of the throughput.
 * @param calledUrl the public URL of the endpoint: the `htu` of DPoP proofs
 */
export async function callProvider(
  provider: Provider,
  path: string,
  form: Pick<FormRequest, "authorization" | "body" | "dpop">,
  calledUrl: string,
): Promise<ProviderResponse> {
  const answer = await inject(handlerOf(provider), {
    method: "POST",
    url: path,
    authority: new URL(provider.issuer).host,
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      [CALLED_URL_HEADER]: calledUrl,
      ...(form.authorization === null ? {} : { authorization: form.authorization }),
      ...(form.dpop === null ? {} : { dpop: form.dpop }),
    },
    payload: form.body,
  });
  const nonce = answer.headers["dpop-nonce"];
  const facts = readFacts(answer.headers[FACTS_HEADER]);
  return { status: answer.statusCode, text: answer.payload, dpopNonce: typeof nonce === "string" ? nonce : null, facts };
}
