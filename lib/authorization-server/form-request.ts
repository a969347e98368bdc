import { OAuthError } from "./oauth-error";

const BODY_BYTES_MAX = 64 * 1024;
/** Parameters that belong in the body: in a URL they end in logs (RFC 6749 section 2.3.1). */
const BODY_ONLY = ["client_id", "client_secret", "client_assertion", "grant_type", "scope", "resource", "token"];
/** The one parameter that may be there more than once (RFC 8707 section 2). */
const REPEATABLE = new Set(["resource"]);
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

const invalidRequest = (description: string, status = 400) => new OAuthError(status, "invalid_request", description);
const invalidClient = (description: string) => new OAuthError(401, "invalid_client", description);

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) throw invalidRequest("The request body is too large.", 413);
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body) {
    const reader = request.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.byteLength;
      if (length > BODY_BYTES_MAX) {
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

/** Parameters by name; an empty one counts as left out (RFC 6749 section 3.2). */
function parameters(text: string): URLSearchParams {
  const given = new URLSearchParams(text);
  const kept = new URLSearchParams();
  for (const [name, value] of given) {
    if (!REPEATABLE.has(name) && given.getAll(name).length > 1) throw invalidRequest("The request contains a parameter more than once.");
    if (value !== "") kept.append(name, value);
  }
  return kept;
}

function isFormEncoded(value: string): boolean {
  try {
    decodeURIComponent(value.replaceAll("+", "%20"));
    return true;
  } catch {
    return false;
  }
}

/** Whether the header holds a client id and a secret, each form-encoded (RFC 6749 section 2.3.1). */
function isBasic(authorization: string): boolean {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (!encoded) return false;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon > 0 && colon < text.length - 1 && isFormEncoded(text.slice(0, colon)) && isFormEncoded(text.slice(colon + 1));
}

export interface FormRequest {
  authorization: string | null;
  /** `application/x-www-form-urlencoded` */
  body: string;
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
  if (authorization !== null && !isBasic(authorization)) throw invalidClient("The Authorization header holds no valid client credentials.");
  if (authorization === null && !form.has("client_secret")) throw invalidClient("No client credentials were supplied.");
  return { authorization: authorization?.replace(/ +/, " ") ?? null, body: form.toString() };
}
