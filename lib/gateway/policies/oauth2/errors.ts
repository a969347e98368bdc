import type { PolicyErrors } from "../policy-errors";

/** The codes are those that Gravitee's users know; their statuses are those of RFC 6750. */
export const oauth2Errors = {
  OAUTH2_MISSING_HEADER: {
    status: 401,
    message: "No OAuth authorization header was supplied",
    words: "A token is needed, and none was sent.",
  },
  OAUTH2_MISSING_ACCESS_TOKEN: {
    status: 401,
    message: "No OAuth access token was supplied",
    words: "A token is needed, and the Authorization header holds none.",
  },
  OAUTH2_INVALID_REQUEST: {
    status: 400,
    message: "The OAuth authorization header is malformed",
    words: "The Authorization header is not Bearer and one token.",
  },
  OAUTH2_INVALID_ACCESS_TOKEN: {
    status: 401,
    message: "The access token is not valid",
    words: "The token was refused: it is expired, revoked, or not for this API.",
  },
  OAUTH2_INVALID_DPOP_PROOF: {
    status: 401,
    message: "The DPoP proof is not valid",
    words: "The token is bound to a key, and the DPoP header does not prove that the caller holds it for this call.",
  },
  OAUTH2_MISSING_SERVER: {
    status: 401,
    message: "No authorization server is configured to check the access token",
    words: "The step names no authorization server that could check the token.",
  },
  OAUTH2_INSUFFICIENT_SCOPE: {
    status: 403,
    message: "The access token lacks a required scope",
    words: "The token is good, but lacks a required scope.",
  },
  OAUTH2_INVALID_SERVER_RESPONSE: {
    status: 503,
    message: "The access token cannot be checked at the moment",
    words: "The authorization server's answer cannot be understood, so nothing passes.",
  },
  OAUTH2_SERVER_UNAVAILABLE: {
    status: 503,
    message: "The access token cannot be checked at the moment",
    words: "The authorization server cannot be reached, so nothing passes.",
  },
} as const satisfies PolicyErrors;
