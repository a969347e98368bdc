import { jsonObject } from "@/lib/http-client/json";
import { EndpointSecurityFailure } from "./failure";
import { redact } from "./redact";

/** A token as issued by its authorization server. */
export interface IssuedToken {
  accessToken: string;
  /**
   * Lifetime from the time of the request, in milliseconds, at most 24 hours. 0: the token serves only the waiting requests and
   * isn't cached.
   */
  lifetimeMs: number;
  refreshToken: string | null;
  /** Granted scope; null if the response has none. */
  scope: string | null;
  /** Success status of the response. */
  status: number;
}

/**
 * Default lifetime: `expires_in` is optional (RFC 6749, 5.1). 5 minutes is shorter than most lifetimes; a token that expires
 * sooner is replaced when the backend rejects it.
 */
export const UNSTATED_LIFETIME_MS = 300_000;
/** Tokens with a longer lifetime are renewed every 24 hours. */
export const MAX_LIFETIME_MS = 86_400_000;

const MAX_TOKEN_LENGTH = 16_384;
/** Visible ASCII: RFC 6750's b64token and the other characters that servers use. */
const TOKEN = /^[\x21-\x7e]+$/;

function lifetimeMs(expiresIn: unknown): number {
  const seconds = typeof expiresIn === "string" && /^\s*-?\d+(?:\.\d+)?\s*$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  // A value that isn't a number counts as absent.
  if (typeof seconds !== "number" || Number.isNaN(seconds)) return UNSTATED_LIFETIME_MS;
  return Math.min(Math.max(0, seconds * 1000), MAX_LIFETIME_MS);
}

const looksLikeHtml = (body: string) => /^\s*<(?:!doctype|html|\?xml)/i.test(body);

/**
 * Whether a token is used with the Bearer scheme. RFC 6749 requires the type, ignoring case; some servers omit it, and Apigee
 * returns BearerToken. Other types, such as DPoP, MAC, or N_A, aren't supported.
 */
function isBearer(tokenType: unknown): boolean {
  if (tokenType === undefined || tokenType === null) return true;
  if (typeof tokenType !== "string") return false;
  return ["", "bearer", "bearertoken"].includes(tokenType.toLowerCase().replace(/[\s_-]/g, ""));
}

/**
 * Parses a successful token response (RFC 6749, 5.1).
 * @param label the token endpoint, for messages
 * @param confidential sent secrets, redacted from the response's texts
 * @throws EndpointSecurityFailure of the kind `notAToken`; its message quotes nothing of the response.
 */
export function readTokenAnswer(body: string, label: string, status: number, confidential: readonly string[]): IssuedToken {
  const notAToken = (what: string) =>
    new EndpointSecurityFailure("notAToken", `The token endpoint ${label} returned ${what}.`, undefined, status);
  const answer = jsonObject(body);
  if (answer === null) throw notAToken(looksLikeHtml(body) ? "an HTML or XML page instead of a token" : "a body that isn't a JSON object");
  const { access_token: accessToken, token_type: tokenType, refresh_token: refreshToken, scope } = answer;
  if (accessToken === undefined || accessToken === null || accessToken === "") throw notAToken("JSON without an access_token");
  if (typeof accessToken !== "string" || accessToken.length > MAX_TOKEN_LENGTH || !TOKEN.test(accessToken))
    throw notAToken(`an access_token that can't be sent in a header: it must be at most ${MAX_TOKEN_LENGTH} visible ASCII characters`);
  if (!isBearer(tokenType)) throw notAToken("a token of a type other than Bearer, which the gateway doesn't support");
  return {
    accessToken,
    lifetimeMs: lifetimeMs(answer.expires_in),
    refreshToken: typeof refreshToken === "string" && refreshToken !== "" && refreshToken.length <= MAX_TOKEN_LENGTH ? refreshToken : null,
    scope: typeof scope === "string" ? redact(scope.slice(0, 2000), confidential) : null,
    status,
  };
}
