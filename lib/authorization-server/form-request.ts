import { packed } from "./api-resources";
import { readAssertion } from "./assertion";
import { OAuthError, unauthenticated } from "./oauth-error";

/** Maximum body size, in bytes. */
export const FORM_BYTES_MAX = 64 * 1024;
const PARAMETERS_MAX = 200;
/** Parameters that are rejected in the URL, which ends up in logs (RFC 6749, 2.3.1). */
const BODY_ONLY = [
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "scope",
  "resource",
  "audience",
  "token",
  "token_type_hint",
  "access_token",
  "refresh_token",
  "assertion",
  "code",
  "username",
  "password",
];
/** The only repeatable parameter (RFC 8707, 2). */
const REPEATABLE = new Set(["resource"]);
const BASIC = /^basic +([A-Za-z0-9+/]+)(={0,2})$/i;
/** The characters of client IDs and secrets (RFC 6749, appendix A). */
const VISIBLE = /^[\x20-\x7e]+$/;
const DPOP_LENGTH_MAX = 8192;

const invalidRequest = (description: string, status = 400) => new OAuthError(status, "invalid_request", description);

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > FORM_BYTES_MAX)
    throw invalidRequest(`The request body is larger than ${FORM_BYTES_MAX / 1024} KB.`, 413);
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body) {
    const reader = request.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.byteLength;
      if (length > FORM_BYTES_MAX) {
        await reader.cancel().catch(() => undefined);
        throw invalidRequest(`The request body is larger than ${FORM_BYTES_MAX / 1024} KB.`, 413);
      }
      chunks.push(part.value);
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw invalidRequest("The request body is not UTF-8.");
  }
}

/** Parses parameters; one with a blank value counts as absent (RFC 6749, 3.1 and 3.2). */
function parameters(text: string): URLSearchParams {
  const form = new URLSearchParams();
  const seen = new Set<string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > PARAMETERS_MAX) throw invalidRequest(`The request has more than ${PARAMETERS_MAX} parameters.`);
    if (value.trim() === "") continue;
    if (!REPEATABLE.has(name) && seen.has(name)) throw invalidRequest("The request repeats a parameter.");
    seen.add(name);
    form.append(name, value);
  }
  return form;
}

/** Decodes one form-encoded half of Basic credentials (RFC 6749, 2.3.1); null when it's invalid or empty. */
function decodedHalf(text: string): string | null {
  try {
    const decoded = decodeURIComponent(text.replaceAll("+", "%20"));
    return VISIBLE.test(decoded) ? decoded : null;
  } catch {
    return null;
  }
}

/** The client ID of Basic credentials; null when the header has no client ID and secret. */
function basicClientId(authorization: string): string | null {
  const [, encoded = "", padding = ""] = BASIC.exec(authorization) ?? [];
  const isWhole = padding === "" ? encoded.length % 4 !== 1 : (encoded.length + padding.length) % 4 === 0;
  const text = isWhole ? Buffer.from(encoded, "base64").toString("utf8") : "";
  const colon = text.indexOf(":");
  if (colon < 1) return null;
  return decodedHalf(text.slice(colon + 1)) === null ? null : decodedHalf(text.slice(0, colon));
}

/** A parsed POST to an endpoint that authenticates clients. */
export interface FormRequest {
  authorization: string | null;
  /** `application/x-www-form-urlencoded`, with all resources packed into one. */
  body: string;
  /** The DPoP proof (RFC 9449, 4). */
  dpop: string | null;
  /** The unverified client ID. */
  clientId: string;
  /** Unverified contents of the client assertion (RFC 7523). */
  assertion: { clientId: string; kid: string | undefined } | null;
}

type Claimed = Pick<FormRequest, "clientId" | "assertion">;

/** Reads the client ID; rejects more than one authentication method. */
function claimed(form: URLSearchParams, authorization: string | null): Claimed {
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  if ([authorization, secret, assertion].filter((method) => method !== null).length > 1)
    throw invalidRequest("The request uses more than one client authentication method.");
  const read = assertion === null ? null : readAssertion(assertion);
  const clientId =
    authorization === null ? (read?.clientId ?? (secret === null ? null : form.get("client_id"))) : basicClientId(authorization);
  if (clientId === null) throw unauthenticated("the request has no readable client credentials");
  return { clientId, assertion: read };
}

/**
 * Parses a POST to an endpoint that authenticates clients, and rejects a malformed one.
 * @throws OAuthError `invalid_request`, or `invalid_client` with 401 without readable credentials (RFC 6749, 5.2)
 */
export async function readFormRequest(request: Request): Promise<FormRequest> {
  const query = new URL(request.url).searchParams;
  if (BODY_ONLY.some((name) => query.has(name)))
    throw invalidRequest("Send credentials and parameters in the request body, not in the URL.");
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  if (mediaType.trim().toLowerCase() !== "application/x-www-form-urlencoded")
    throw invalidRequest("The request body must be application/x-www-form-urlencoded.");
  const form = parameters(await readText(request));
  const authorization = request.headers.get("authorization");
  const dpop = request.headers.get("dpop");
  if (dpop !== null && (dpop.length > DPOP_LENGTH_MAX || !VISIBLE.test(dpop)))
    throw new OAuthError(400, "invalid_dpop_proof", "The DPoP header isn't a valid proof.");
  const client = claimed(form, authorization);
  const resources = form.getAll("resource");
  if (resources.length > 0) form.set("resource", packed(resources));
  return { ...client, authorization: authorization?.replace(/ +/, " ") ?? null, body: form.toString(), dpop };
}
