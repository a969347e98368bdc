import type { PolicyErrors } from "../policy-errors";

/** Codes and messages are Gravitee's; statuses follow RFC 6750. */
export const oauth2Errors = {
  OAUTH2_MISSING_HEADER: {
    status: 401,
    message: "No OAuth authorization header was supplied",
    words: "The request has no access token.",
  },
  OAUTH2_MISSING_ACCESS_TOKEN: {
    status: 401,
    message: "No OAuth access token was supplied",
    words: "The Authorization header contains no token.",
  },
  OAUTH2_INVALID_REQUEST: {
    status: 400,
    message: "The OAuth authorization header is malformed",
    words: "The Authorization header must be Bearer or DPoP and one token.",
  },
  OAUTH2_INVALID_ACCESS_TOKEN: {
    status: 401,
    message: "The access token is not valid",
    words: "The token is expired, revoked, or not for this API.",
  },
  OAUTH2_INVALID_DPOP_PROOF: {
    status: 401,
    message: "The DPoP proof is not valid",
    words: "The token is DPoP-bound, and the request has no valid DPoP proof.",
  },
  OAUTH2_MISSING_SERVER: {
    status: 401,
    message: "No authorization server is configured to check the access token",
    words: "The step's authorization server resource doesn't exist.",
  },
  OAUTH2_INSUFFICIENT_SCOPE: {
    status: 403,
    message: "The access token lacks a required scope",
    words: "The token is valid but lacks a required scope.",
  },
  OAUTH2_INVALID_SERVER_RESPONSE: {
    status: 503,
    message: "The access token cannot be checked at the moment",
    words: "The authorization server's response is invalid, so the request is rejected.",
  },
  OAUTH2_SERVER_UNAVAILABLE: {
    status: 503,
    message: "The access token cannot be checked at the moment",
    words: "The authorization server is unreachable, so the request is rejected.",
  },
} as const satisfies PolicyErrors;
