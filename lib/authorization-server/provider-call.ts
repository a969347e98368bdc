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
    // There is no connection behind the request; what reads it wants to know whether it is encrypted.
    Object.assign(request.socket, { encrypted });
    void callback(request, response);
  };
  handlers.set(provider, handler);
  return handler;
}

/** What oidc-provider answered. */
export interface ProviderAnswer {
  status: number;
  /** JSON, or nothing. */
  text: string;
  /** The nonce for the next DPoP proof (RFC 9449 section 8.2). */
  dpopNonce: string | null;
  /** What the log says of it. */
  facts: AuditFacts;
}

/**
 * Has oidc-provider answer a POST. It is handed a request made anew from what was read and checked: the issuer's
 * host, so that nothing follows a caller's Host header; JSON accepted, so that no error is rendered as HTML; no Origin.
 * Objects of Node's own kind take it there and back, because making web streams of both costs a quarter of a token.
 * @param calledUrl the address by which the caller knows the endpoint: what a DPoP proof is for
 */
export async function callProvider(
  provider: Provider,
  path: string,
  form: Pick<FormRequest, "authorization" | "body" | "dpop">,
  calledUrl: string,
): Promise<ProviderAnswer> {
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
