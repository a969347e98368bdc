import type { Refusal } from "../../errors";
import type { Exchange } from "../../exchange";
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

/** Whether a header goes because a token was accepted: what an earlier step said about the caller, and the token itself. */
function isReplaced(name: string, value: string, token: string | null): boolean {
  // Most names differ in their length already, and this runs for every header of every call.
  switch (name.length) {
    case 13:
      // A step may have put the backend's own credentials there before: only the caller's token goes.
      return value === token && name.toLowerCase() === "authorization";
    case 19:
      return name.toLowerCase() === "x-gatewright-scopes";
    case 20:
      return name.toLowerCase() === "x-gatewright-subject";
    case 22:
      return name.toLowerCase() === "x-gatewright-client-id";
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
