import type { Refusal } from "../../errors";
import type { Exchange } from "../../exchange";
import { removeHeadersWhere } from "../../headers";
import type { TokenCheck, VerifiedToken } from "../../resources/contract";
import type { Policy, PolicyContext } from "../contract";
import { readBearerToken } from "./bearer";
import { type Oauth2Config, oauth2ConfigSchema, oauth2Descriptor } from "./schema";

/** The refusals of one step. All but scopes are known when it is compiled. */
function compileRefusals(config: Oauth2Config, context: PolicyContext) {
  const challenge = (parameters?: Record<string, string>) => ["www-authenticate", context.challenge(parameters)];
  // RFC 6750, section 3.1: a request without a token learns no error code.
  const plain = challenge();
  const invalidToken = challenge({
    error: "invalid_token",
    error_description: "The access token is expired, revoked, malformed or not for this API",
  });
  const invalidRequest = challenge({ error: "invalid_request", error_description: "The Authorization header is malformed" });
  const scope = config.requiredScopes.join(" ");
  const insufficientScope = challenge({ error: "insufficient_scope", error_description: "The access token lacks a required scope", scope });
  return {
    none: (): Refusal => ({ code: "OAUTH2_MISSING_HEADER", reason: "The request has no bearer token.", headers: plain }),
    blank: (): Refusal => ({ code: "OAUTH2_MISSING_ACCESS_TOKEN", reason: "The bearer token is blank.", headers: plain }),
    malformedHeader: (): Refusal => ({
      code: "OAUTH2_INVALID_REQUEST",
      reason: "The Authorization header is not Bearer and one token.",
      headers: invalidRequest,
    }),
    malformedToken: (): Refusal => ({
      code: "OAUTH2_INVALID_ACCESS_TOKEN",
      reason: "The token has characters that no token has.",
      headers: invalidToken,
    }),
    inactive: (reason: string): Refusal => ({ code: "OAUTH2_INVALID_ACCESS_TOKEN", reason, headers: invalidToken }),
    unavailable: (reason: string): Refusal => ({ code: "OAUTH2_SERVER_UNAVAILABLE", reason }),
    invalidResponse: (reason: string): Refusal => ({ code: "OAUTH2_INVALID_SERVER_RESPONSE", reason }),
    missingServer: (reason: string): Refusal => ({ code: "OAUTH2_MISSING_SERVER", reason, headers: plain }),
    insufficientScope: (reason: string): Refusal => ({ code: "OAUTH2_INSUFFICIENT_SCOPE", reason, headers: insufficientScope }),
  };
}

/** Whether a token's scopes satisfy a step. No required scope means that any good token may pass. */
export function hasScopes(granted: readonly string[], required: readonly string[], mode: "all" | "any"): boolean {
  if (required.length === 0) return true;
  return mode === "all" ? required.every((scope) => granted.includes(scope)) : required.some((scope) => granted.includes(scope));
}

const IDENTITY_HEADERS = new Set(["x-gatewright-client-id", "x-gatewright-subject", "x-gatewright-scopes"]);

function admit(exchange: Exchange, token: VerifiedToken, config: Oauth2Config): void {
  removeHeadersWhere(exchange.requestHeaders, (name, value) => {
    if (IDENTITY_HEADERS.has(name)) return true;
    // A step may have put the backend's own credentials there before: only the caller's token goes.
    return !config.forwardToken && name === "authorization" && value === exchange.authorization;
  });
  exchange.requestHeaders.push(...token.identityHeaders);
  exchange.identity = token;
  if (config.exposePayload) exchange.payload = token.claims;
}

/** Lets a call pass only with a good access token that has the required scopes (RFC 6750). */
export const oauth2Policy: Policy = {
  descriptor: oauth2Descriptor,
  compile(rawConfig, context) {
    const config = oauth2ConfigSchema.parse(rawConfig);
    const checker = context.tokenChecker(config.resource);
    const refusals = compileRefusals(config, context);

    const decide = (exchange: Exchange, check: TokenCheck): Refusal | undefined => {
      if (check.outcome !== "active") return refusals[check.outcome](check.reason);
      const { token } = check;
      if (!hasScopes(token.scopes, config.requiredScopes, config.scopeMode)) {
        return refusals.insufficientScope(
          `The token has ${token.scopes.join(" ") || "no scopes"}; ${config.scopeMode} of ${config.requiredScopes.join(" ")} required.`,
        );
      }
      admit(exchange, token, config);
      exchange.explain?.(`Token of ${token.clientId ?? "an unnamed client"}, scopes: ${token.scopes.join(" ") || "none"}.`);
      return undefined;
    };

    return {
      request: function requireToken(exchange) {
        const bearer = readBearerToken(exchange.authorization);
        if (bearer.kind !== "token") return refusals[bearer.kind]();
        if (!checker) return refusals.missingServer(`No resource is called ${config.resource}.`);
        const check = checker.check(bearer.token);
        return check instanceof Promise ? check.then((result) => decide(exchange, result)) : decide(exchange, check);
      },
    };
  },
};
