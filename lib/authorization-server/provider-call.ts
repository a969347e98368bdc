import { toFetchResponse, toReqRes } from "fetch-to-node";
import type Provider from "oidc-provider";
import { CALLED_URL_HEADER, CLAIMED_CLIENT_HEADER } from "./endpoints";
import type { FormRequest } from "./form-request";

const CLIENT_ID_LOGGED = 128;

const handlers = new WeakMap<Provider, ReturnType<Provider["callback"]>>();

function handlerOf(provider: Provider): ReturnType<Provider["callback"]> {
  const known = handlers.get(provider);
  if (known) return known;
  const handler = provider.callback();
  handlers.set(provider, handler);
  return handler;
}

/**
 * Has oidc-provider answer a POST. It is handed a request made anew from what was read and checked: the issuer's
 * host, so that nothing follows a caller's Host header; JSON accepted, so that no error is rendered as HTML; no Origin.
 * @param calledUrl the address by which the caller knows the endpoint: what a DPoP proof is for
 */
export async function callProvider(
  provider: Provider,
  path: string,
  form: Pick<FormRequest, "authorization" | "body" | "dpop" | "clientId">,
  calledUrl: string,
): Promise<Response> {
  const issuer = new URL(provider.issuer);
  const body = Buffer.from(form.body);
  const request = new Request(new URL(path, issuer.origin), {
    method: "POST",
    headers: {
      host: issuer.host,
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(body.byteLength),
      [CALLED_URL_HEADER]: calledUrl,
      [CLAIMED_CLIENT_HEADER]: Buffer.from(form.clientId.slice(0, CLIENT_ID_LOGGED)).toString("base64url"),
      ...(form.authorization === null ? {} : { authorization: form.authorization }),
      ...(form.dpop === null ? {} : { dpop: form.dpop }),
    },
    body,
  });
  const { req, res } = toReqRes(request);
  // There is no socket behind the request; what reads it wants to know only whether the connection is encrypted.
  Object.defineProperty(req, "socket", { value: { encrypted: issuer.protocol === "https:" } });
  await handlerOf(provider)(req, res);
  return toFetchResponse(res);
}
