import { clientNetwork } from "@/lib/client-address/client-address";
import { PROOF_ALGORITHMS } from "../../dpop/algorithms";
import { GATEWAY_ERRORS, type GatewayErrorCode, type Refusal } from "../../errors";
import type { Exchange } from "../../exchange";
import { isSpelling } from "../../http/headers";
import type { TokenCheck, TokenChecker, VerifiedToken } from "../../resources/contract";
import type { Policy } from "../contract";
import { type PresentationProblem, readPresentedToken, type TokenScheme } from "./presented-token";
import { type Oauth2Config, oauth2ConfigSchema, oauth2Descriptor } from "./schema";

/** Why a request is rejected: a problem of the presented token, of its validation, or of the step. */
type Obstacle =
  | PresentationProblem
  | "twice"
  | Exclude<TokenCheck["outcome"], "active">
  | "invalidProof"
  | "missingServer"
  | "insufficientScope";

const REASONS = {
  none: "The request has no access token.",
  blank: "The access token is blank.",
  malformedHeader: "The Authorization header must be Bearer or DPoP and one token.",
  malformedToken: "The token has characters that RFC 6750, 2.1, doesn't allow.",
} as const;
const TWICE_MESSAGE = "The access token was sent in more than one way";
const TWICE = "The request has both an Authorization header and an access_token query parameter.";

const CODES = {
  none: "OAUTH2_MISSING_HEADER",
  blank: "OAUTH2_MISSING_ACCESS_TOKEN",
  malformedHeader: "OAUTH2_INVALID_REQUEST",
  twice: "OAUTH2_INVALID_REQUEST",
  malformedToken: "OAUTH2_INVALID_ACCESS_TOKEN",
  inactive: "OAUTH2_INVALID_ACCESS_TOKEN",
  invalidProof: "OAUTH2_INVALID_DPOP_PROOF",
  unavailable: "OAUTH2_SERVER_UNAVAILABLE",
  invalidResponse: "OAUTH2_INVALID_SERVER_RESPONSE",
  missingServer: "OAUTH2_MISSING_SERVER",
  insufficientScope: "OAUTH2_INSUFFICIENT_SCOPE",
} as const satisfies Record<Obstacle, GatewayErrorCode>;

/** Parameters that a client needs to sign a proof. */
const ALGORITHMS = { algs: PROOF_ALGORITHMS.join(" ") } as const;
const DPOP_CHALLENGE = `DPoP algs="${ALGORITHMS.algs}"`;

/** Returns the challenge parameters of an obstacle; null when the token isn't the cause. */
function errorOf(obstacle: Obstacle): Readonly<Record<string, string>> | null {
  switch (obstacle) {
    case "none":
    case "blank":
    case "missingServer":
      // RFC 6750, 3.1: a request without a token gets no error code.
      return {};
    case "malformedHeader":
      return { error: "invalid_request", error_description: "The Authorization header is malformed" };
    case "twice":
      return { error: "invalid_request", error_description: TWICE_MESSAGE };
    case "malformedToken":
    case "inactive":
      return { error: "invalid_token", error_description: "The access token is expired, revoked, malformed or not for this API" };
    case "invalidProof":
      return { error: "invalid_dpop_proof", error_description: "The DPoP proof is missing, malformed, used already or not for this call" };
    case "insufficientScope":
      return { error: "insufficient_scope", error_description: "The access token lacks a required scope" };
    case "unavailable":
    case "invalidResponse":
      return null;
  }
}

/** Resources retry an unreachable server within a second. */
const RETRY_SOON = ["retry-after", "1"];

/** Whether a query has an `access_token` parameter (RFC 6750, 2.3), percent-encoded or not. */
function hasQueryToken(query: string): boolean {
  return query.length > 1 && /token|%/i.test(query) && new URLSearchParams(query).has("access_token");
}

/** Whether a token's scopes satisfy a step. Without required scopes, any valid token does. */
export function hasScopes(granted: readonly string[], required: readonly string[], mode: "all" | "any"): boolean {
  if (required.length === 0) return true;
  return mode === "all" ? required.every((scope) => granted.includes(scope)) : required.some((scope) => granted.includes(scope));
}

/** Whether to remove a header after a token is accepted: identity headers of an earlier step, the client's token, and its proof. */
function isReplaced(name: string, value: string, token: string | null): boolean {
  // Runs for every header of every request; most names already differ in length.
  switch (name.length) {
    case 4:
      return token !== null && isSpelling(name, "dpop");
    case 13:
      // An earlier step may have set credentials for the backend: remove only the client's token.
      return value === token && isSpelling(name, "authorization");
    case 19:
      return isSpelling(name, "x-gatewright-scopes");
    case 20:
      return isSpelling(name, "x-gatewright-subject");
    case 22:
      return isSpelling(name, "x-gatewright-client-id");
    default:
      return false;
  }
}

function admit(exchange: Exchange, token: VerifiedToken, config: Oauth2Config): void {
  const headers = exchange.requestHeaders;
  const dropped = config.forwardToken ? null : exchange.authorization;
  let kept = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const value = headers[index + 1] ?? "";
    if (isReplaced(name, value, dropped)) continue;
    headers[kept] = name;
    headers[kept + 1] = value;
    kept += 2;
  }
  headers.length = kept;
  for (const part of token.identityHeaders) headers.push(part);
  exchange.identity = token;
  if (config.exposePayload) exchange.payload = token.claims;
}

/** Checks the token once per request and resource, even when the resource doesn't cache. */
function checkOnce(exchange: Exchange, checker: TokenChecker, token: string): TokenCheck | Promise<TokenCheck> {
  const known = exchange.tokenChecks?.find((earlier) => earlier.checker === checker);
  if (known) return known.check;
  const check = checker.check(token, () => clientNetwork(exchange.clientAddress));
  // A synchronous result is cheap to get again.
  if (!(check instanceof Promise)) return check;
  exchange.tokenChecks ??= [];
  exchange.tokenChecks.push({ checker, check });
  return check;
}

/** Requires a valid access token with the required scopes (RFC 6750). */
export const oauth2Policy: Policy = {
  descriptor: oauth2Descriptor,
  compile(rawConfig, context) {
    const config = oauth2ConfigSchema.parse(rawConfig);
    const checker = context.tokenChecker(config.resource);
    // Built per rejection: a gateway has tens of thousands of these steps, and most never reject.
    const reject = (exchange: Exchange, obstacle: Obstacle, reason: string, scheme: TokenScheme): Refusal => {
      const error = errorOf(obstacle);
      const code = CODES[obstacle];
      if (error === null) return { code, reason, headers: RETRY_SOON };
      const { status } = GATEWAY_ERRORS[code];
      // RFC 6750, 3: with the scopes of all steps, one new token satisfies them all.
      const scopes = status === 401 || status === 403 ? exchange.requiredScopes() : [];
      const parameters = scopes.length === 0 ? error : { ...error, scope: scopes.join(" ") };
      const headers =
        scheme === "DPoP"
          ? ["www-authenticate", context.challenge("DPoP", { ...parameters, ...ALGORITHMS })]
          : ["www-authenticate", context.challenge("Bearer", parameters)];
      // RFC 9449, 7.1: also announce DPoP to a client that may need a new token.
      if (scheme === "Bearer" && status === 401) headers.push("www-authenticate", DPOP_CHALLENGE);
      return { code, reason, headers, ...(obstacle === "twice" ? { message: TWICE_MESSAGE } : {}) };
    };

    const decide = (exchange: Exchange, token: VerifiedToken, scheme: TokenScheme): Refusal | undefined => {
      if (!hasScopes(token.scopes, config.requiredScopes, config.scopeMode)) {
        return reject(
          exchange,
          "insufficientScope",
          `The token has ${token.scopes.join(" ") || "no scopes"}; ${config.scopeMode} of ${config.requiredScopes.join(" ")} required.`,
          scheme,
        );
      }
      admit(exchange, token, config);
      exchange.explain?.(`Token of ${token.clientId ?? "an unnamed client"}, scopes: ${token.scopes.join(" ") || "none"}.`);
      return undefined;
    };

    const decideProven = async (exchange: Exchange, token: VerifiedToken, text: string, keyThumbprint: string) => {
      const problem = await context.keyProblem(exchange, text, keyThumbprint);
      return problem === null ? decide(exchange, token, "DPoP") : reject(exchange, "invalidProof", problem, "DPoP");
    };

    const judge = (exchange: Exchange, check: TokenCheck, scheme: TokenScheme, text: string) => {
      if (check.outcome !== "active") return reject(exchange, check.outcome, check.reason, scheme);
      const { token } = check;
      if (checker) {
        exchange.permits ??= [];
        exchange.permits.push({ checker, token: text, expiresAtMs: token.expiresAtMs });
      }
      if (scheme === "Bearer")
        return token.boundTo === null
          ? decide(exchange, token, scheme)
          : reject(exchange, "inactive", "DPoP-bound token sent with the Bearer scheme.", scheme);
      // A proof adds nothing to a token that isn't bound to a key (RFC 9449, 7.1).
      return token.boundTo === null
        ? reject(exchange, "inactive", "Token without a DPoP binding sent with the DPoP scheme.", scheme)
        : decideProven(exchange, token, text, token.boundTo);
    };

    return {
      request: function requireToken(exchange) {
        const presented = readPresentedToken(exchange.authorization);
        const { kind, scheme } = presented;
        if (kind !== "none" && hasQueryToken(exchange.query)) return reject(exchange, "twice", TWICE, scheme);
        if (kind !== "token") return reject(exchange, kind, REASONS[kind], scheme);
        if (!checker) return reject(exchange, "missingServer", `Resource ${config.resource} doesn't exist.`, scheme);
        const { token } = presented;
        const check = checkOnce(exchange, checker, token);
        return check instanceof Promise
          ? check.then((result) => judge(exchange, result, scheme, token))
          : judge(exchange, check, scheme, token);
      },
    };
  },
};
