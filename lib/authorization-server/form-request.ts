import { packed } from "./api-resources";
import { readAssertion } from "./assertion";
import { OAuthError, unauthenticated } from "./oauth-error";

/** No form of a client is larger. */
export const FORM_BYTES_MAX = 64 * 1024;
const PARAMETERS_MAX = 200;
/** Parameters that belong in the body: in a URL they end in logs (RFC 6749 section 2.3.1). */
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
/** The one parameter that may be there more than once (RFC 8707 section 2). */
const REPEATABLE = new Set(["resource"]);
const BASIC = /^basic +([A-Za-z0-9+/]+)(={0,2})$/i;
/** RFC 6749 appendix A: client ids and secrets are made of these. */
const VISIBLE = /^[\x20-\x7e]+$/;
const DPOP_LENGTH_MAX = 8192;

const invalidRequest = (description: string, status = 400) => new OAuthError(status, "invalid_request", description);

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > FORM_BYTES_MAX) throw invalidRequest("The request body is too large.", 413);
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body) {
    const reader = request.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.byteLength;
      if (length > FORM_BYTES_MAX) {
        await reader.cancel().catch(() => undefined);
        throw invalidRequest("The request body is too large.", 413);
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

/** Parameters by name; one without a value, or with spaces alone, counts as left out (RFC 6749, sections 3.1 and 3.2). */
function parameters(text: string): URLSearchParams {
  const kept = new URLSearchParams();
  const seen = new Set<string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > PARAMETERS_MAX) throw invalidRequest("The request contains too many parameters.");
    if (value.trim() === "") continue;
    if (!REPEATABLE.has(name) && seen.has(name)) throw invalidRequest("The request contains a parameter more than once.");
    seen.add(name);
    kept.append(name, value);
  }
  return kept;
}

/** One half of Basic credentials, which is form-encoded (RFC 6749 section 2.3.1); null when it is not, or is empty. */
function decodedHalf(text: string): string | null {
  try {
    const decoded = decodeURIComponent(text.replaceAll("+", "%20"));
    return VISIBLE.test(decoded) ? decoded : null;
  } catch {
    return null;
  }
}

/** The client id of Basic credentials; null when the header holds no client id and secret. */
function basicClientId(authorization: string): string | null {
  const [, encoded = "", padding = ""] = BASIC.exec(authorization) ?? [];
  const isWhole = padding === "" ? encoded.length % 4 !== 1 : (encoded.length + padding.length) % 4 === 0;
  const text = isWhole ? Buffer.from(encoded, "base64").toString("utf8") : "";
  const colon = text.indexOf(":");
  if (colon < 1) return null;
  return decodedHalf(text.slice(colon + 1)) === null ? null : decodedHalf(text.slice(0, colon));
}

/** A POST of a client to one of a server's endpoints. */
export interface FormRequest {
  authorization: string | null;
  /** `application/x-www-form-urlencoded`, with its resources packed into one. */
  body: string;
  /** The proof that the client holds a key (RFC 9449 section 4). */
  dpop: string | null;
  /** Who the client says that it is. */
  clientId: string;
  /** The assertion that it proves it with (RFC 7523), by what it says of itself. */
  assertion: { clientId: string; kid: string | undefined } | null;
}

type Claimed = Pick<FormRequest, "clientId" | "assertion">;

/** Who the client says that it is, in exactly one way. */
function claimed(form: URLSearchParams, authorization: string | null): Claimed {
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  if ([authorization, secret, assertion].filter((way) => way !== null).length > 1)
    throw invalidRequest("The request authenticates the client in more than one way.");
  const read = assertion === null ? null : readAssertion(assertion);
  const clientId =
    authorization === null ? (read?.clientId ?? (secret === null ? null : form.get("client_id"))) : basicClientId(authorization);
  if (clientId === null) throw unauthenticated("the request carries no client credentials that can be read");
  return { clientId, assertion: read };
}

/**
 * Reads a POST to an endpoint that authenticates its client, and refuses what is no well-formed request before
 * anything looks into it.
 * @throws OAuthError `invalid_request`, or `invalid_client` with 401 without usable credentials (RFC 6749 section 5.2)
 */
export async function readFormRequest(request: Request): Promise<FormRequest> {
  const query = new URL(request.url).searchParams;
  if (BODY_ONLY.some((name) => query.has(name)))
    throw invalidRequest("Credentials and parameters belong in the request body, never in the URL.");
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  if (mediaType.trim().toLowerCase() !== "application/x-www-form-urlencoded")
    throw invalidRequest("The request body must be application/x-www-form-urlencoded.");
  const form = parameters(await readText(request));
  const authorization = request.headers.get("authorization");
  const dpop = request.headers.get("dpop");
  if (dpop !== null && (dpop.length > DPOP_LENGTH_MAX || !VISIBLE.test(dpop)))
    throw new OAuthError(400, "invalid_dpop_proof", "The DPoP header holds no proof.");
  const client = claimed(form, authorization);
  const resources = form.getAll("resource");
  if (resources.length > 0) form.set("resource", packed(resources));
  return { ...client, authorization: authorization?.replace(/ +/, " ") ?? null, body: form.toString(), dpop };
}
