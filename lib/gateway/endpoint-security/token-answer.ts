import { jsonObject } from "@/lib/http-client/json";
import { EndpointSecurityFailure } from "./failure";
import { redact } from "./redact";

/** A token as its authorization server gave it. */
export interface IssuedToken {
  accessToken: string;
  /**
   * How long it is good from when it was asked for, in milliseconds: at most a day, and 0 when it is good for the calls that
   * waited for it and is not to be kept.
   */
  lifetimeMs: number;
  refreshToken: string | null;
  /** What the server says it granted; null when it says nothing. */
  scope: string | null;
  /** What it answered with: 200, or another of success. */
  status: number;
}

/**
 * RFC 6749, section 5.1, only recommends `expires_in`. Asking for every call would turn a silent server into a bottleneck,
 * and keeping a token for ever would trust it too long; five minutes are shorter than nearly every token's life, and a token
 * that ends sooner is replaced when the backend refuses it.
 */
export const UNSTATED_LIFETIME_MS = 300_000;
/** What lives longer is still renewed once a day. */
export const MAX_LIFETIME_MS = 86_400_000;

const MAX_TOKEN_LENGTH = 16_384;
/** What can stand in a header without a space; RFC 6750's b64token and what servers make beyond it. */
const TOKEN = /^[\x21-\x7e]+$/;

function lifetimeMs(expiresIn: unknown): number {
  const seconds = typeof expiresIn === "string" && /^\s*-?\d+(?:\.\d+)?\s*$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  // What is no number says nothing, like one that is missing.
  if (typeof seconds !== "number" || Number.isNaN(seconds)) return UNSTATED_LIFETIME_MS;
  return Math.min(Math.max(0, seconds * 1000), MAX_LIFETIME_MS);
}

const looksLikeHtml = (body: string) => /^\s*<(?:!doctype|html|\?xml)/i.test(body);

/**
 * Whether a token is presented as `Authorization: Bearer`. RFC 6749 requires the type, in any case of letters; some servers leave it
 * out, and Apigee writes BearerToken. Every other type, such as DPoP, MAC or N_A, is not used like Bearer.
 */
function isBearer(tokenType: unknown): boolean {
  if (tokenType === undefined || tokenType === null) return true;
  if (typeof tokenType !== "string") return false;
  return ["", "bearer", "bearertoken"].includes(tokenType.toLowerCase().replace(/[\s_-]/g, ""));
}

/**
 * Reads a successful token response (RFC 6749, section 5.1).
 * @param label the token endpoint, for the failure's message
 * @param confidential what the server was sent, taken out of what it says
 * @throws EndpointSecurityFailure of the kind `notAToken`; its message quotes nothing of the answer.
 */
export function readTokenAnswer(body: string, label: string, status: number, confidential: readonly string[]): IssuedToken {
  const notAToken = (what: string) =>
    new EndpointSecurityFailure("notAToken", `The token endpoint ${label} answered with ${what}.`, undefined, status);
  const answer = jsonObject(body);
  if (answer === null)
    throw notAToken(looksLikeHtml(body) ? "a page of HTML or XML instead of a token" : "something that is not a JSON object");
  const { access_token: accessToken, token_type: tokenType, refresh_token: refreshToken, scope } = answer;
  if (accessToken === undefined || accessToken === null || accessToken === "") throw notAToken("JSON without an access_token");
  if (typeof accessToken !== "string" || accessToken.length > MAX_TOKEN_LENGTH || !TOKEN.test(accessToken))
    throw notAToken(`an access_token that cannot stand in a header: it is no text of at most ${MAX_TOKEN_LENGTH} visible ASCII characters`);
  if (!isBearer(tokenType)) throw notAToken("a token of another type than Bearer, which the gateway cannot present");
  return {
    accessToken,
    lifetimeMs: lifetimeMs(answer.expires_in),
    refreshToken: typeof refreshToken === "string" && refreshToken !== "" && refreshToken.length <= MAX_TOKEN_LENGTH ? refreshToken : null,
    scope: typeof scope === "string" ? redact(scope.slice(0, 2000), confidential) : null,
    status,
  };
}
