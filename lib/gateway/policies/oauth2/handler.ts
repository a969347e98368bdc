import { clientNetwork } from "@/lib/client-address/client-address";
import { PROOF_ALGORITHMS } from "../../dpop/algorithms";
import { GATEWAY_ERRORS, type GatewayErrorCode, type Refusal } from "../../errors";
import type { Exchange } from "../../exchange";
import { isSpelling } from "../../http/headers";
import type { TokenCheck, TokenChecker, VerifiedToken } from "../../resources/contract";
import type { Policy } from "../contract";
import { type PresentationProblem, readPresentedToken, type TokenScheme } from "./presented-token";
import { type Oauth2Config, oauth2ConfigSchema, oauth2Descriptor } from "./schema";

/** Why a call does not pass: what the presented token, the check of it or the step itself says. */
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
  malformedHeader: "The Authorization header is not Bearer or DPoP and one token.",
  malformedToken: "The token has characters that no token has.",
} as const;
const TWICE_MESSAGE = "The access token was sent in more than one way";
const TWICE = "The request has an Authorization header and an access_token in its query.";

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

/** What a client has to know to make a proof. */
const ALGORITHMS = { algs: PROOF_ALGORITHMS.join(" ") } as const;
const DPOP_CHALLENGE = `DPoP algs="${ALGORITHMS.algs}"`;

/** The error of the challenge that goes with an obstacle; null when the token is not what is wrong. */
function errorOf(obstacle: Obstacle): Readonly<Record<string, string>> | null {
  switch (obstacle) {
    case "none":
    case "blank":
    case "missingServer":
      // RFC 6750, section 3.1: a request without a token learns no error code.
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

/** Soon enough: a server that was away is asked again within a second. */
const RETRY_SOON = ["retry-after", "1"];

/** Whether a query has the parameter that carries a token (RFC 6750, 2.3), however it is escaped. Most calls have no query. */
function hasQueryToken(query: string): boolean {
  return query.length > 1 && /token|%/i.test(query) && new URLSearchParams(query).has("access_token");
}

/** Whether a token's scopes satisfy a step. No required scope means that any good token may pass. */
export function hasScopes(granted: readonly string[], required: readonly string[], mode: "all" | "any"): boolean {
  if (required.length === 0) return true;
  return mode === "all" ? required.every((scope) => granted.includes(scope)) : required.some((scope) => granted.includes(scope));
}

/** Whether a header goes because a token was accepted: what an earlier step said about the caller, and the token itself with its proof. */
function isReplaced(name: string, value: string, token: string | null): boolean {
  // Most names differ in their length already, and this runs for every header of every call.
  switch (name.length) {
    case 4:
      return token !== null && isSpelling(name, "dpop");
    case 13:
      // A step may have put the backend's own credentials there before: only the caller's token goes.
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

/** Asks about the token of a call, once for all its steps with the same resource, also where no answer is kept. */
function checkOnce(exchange: Exchange, checker: TokenChecker, token: string): TokenCheck | Promise<TokenCheck> {
  const known = exchange.tokenChecks?.find((asked) => asked.checker === checker);
  if (known) return known.check;
  const check = checker.check(token, () => clientNetwork(exchange.clientAddress));
  // What is answered at once costs nothing to ask again.
  if (!(check instanceof Promise)) return check;
  exchange.tokenChecks ??= [];
  exchange.tokenChecks.push({ checker, check });
  return check;
}

/** Lets a call pass only with a good access token that has the required scopes (RFC 6750). */
export const oauth2Policy: Policy = {
  descriptor: oauth2Descriptor,
  compile(rawConfig, context) {
    const config = oauth2ConfigSchema.parse(rawConfig);
    const checker = context.tokenChecker(config.resource);
    // Made when it is needed: a gateway has tens of thousands of such steps, and few of them refuse at any moment.
    const refuse = (exchange: Exchange, obstacle: Obstacle, reason: string, scheme: TokenScheme): Refusal => {
      const error = errorOf(obstacle);
      const code = CODES[obstacle];
      if (error === null) return { code, reason, headers: RETRY_SOON };
      const { status } = GATEWAY_ERRORS[code];
      // RFC 6750, section 3: with all of them a client gets a token that passes every step, in one go.
      const scopes = status === 401 || status === 403 ? exchange.requiredScopes() : [];
      const parameters = scopes.length === 0 ? error : { ...error, scope: scopes.join(" ") };
      const headers =
        scheme === "DPoP"
          ? ["www-authenticate", context.challenge("DPoP", { ...parameters, ...ALGORITHMS })]
          : ["www-authenticate", context.challenge("Bearer", parameters)];
      // RFC 9449, section 7.1: who may need another token is told that one that is bound to a key would do, too.
      if (scheme === "Bearer" && status === 401) headers.push("www-authenticate", DPOP_CHALLENGE);
      return { code, reason, headers, ...(obstacle === "twice" ? { message: TWICE_MESSAGE } : {}) };
    };

    const decide = (exchange: Exchange, token: VerifiedToken, scheme: TokenScheme): Refusal | undefined => {
      if (!hasScopes(token.scopes, config.requiredScopes, config.scopeMode)) {
        return refuse(
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
      return problem === null ? decide(exchange, token, "DPoP") : refuse(exchange, "invalidProof", problem, "DPoP");
    };

    const judge = (exchange: Exchange, check: TokenCheck, scheme: TokenScheme, text: string) => {
      if (check.outcome !== "active") return refuse(exchange, check.outcome, check.reason, scheme);
      const { token } = check;
      if (checker) {
        exchange.permits ??= [];
        exchange.permits.push({ checker, token: text, expiresAtMs: token.expiresAtMs });
      }
      if (scheme === "Bearer")
        return token.boundTo === null
          ? decide(exchange, token, scheme)
          : refuse(exchange, "inactive", "The token is bound to a key and was presented as a plain bearer token.", scheme);
      // With a token that anyone may bear, a proof would prove nothing (RFC 9449, section 7.1).
      return token.boundTo === null
        ? refuse(exchange, "inactive", "The token is bound to no key and was presented as if it were.", scheme)
        : decideProven(exchange, token, text, token.boundTo);
    };

    return {
      request: function requireToken(exchange) {
        const presented = readPresentedToken(exchange.authorization);
        const { kind, scheme } = presented;
        if (kind !== "none" && hasQueryToken(exchange.query)) return refuse(exchange, "twice", TWICE, scheme);
        if (kind !== "token") return refuse(exchange, kind, REASONS[kind], scheme);
        if (!checker) return refuse(exchange, "missingServer", `No resource is called ${config.resource}.`, scheme);
        const { token } = presented;
        const check = checkOnce(exchange, checker, token);
        return check instanceof Promise
          ? check.then((result) => judge(exchange, result, scheme, token))
          : judge(exchange, check, scheme, token);
      },
    };
  },
};
