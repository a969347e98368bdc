/** RFC 9110, section 15. */
const PHRASES: Record<number, string> = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
  301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout",
  409: "Conflict", 410: "Gone", 412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests",
  500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
};

/** The status with its phrase. */
export const statusWithPhrase = (status: number) => (PHRASES[status] ? `${status} ${PHRASES[status]}` : String(status));

/** What the codes of a gateway's own answers mean. */
export const gatewaySentences: Record<string, string> = {
  OAUTH2_MISSING_HEADER: "A token is needed, and none was sent.",
  OAUTH2_MISSING_ACCESS_TOKEN: "A token is needed, and the Authorization header holds none.",
  OAUTH2_INVALID_REQUEST: "The Authorization header is not Bearer and one token.",
  OAUTH2_INVALID_ACCESS_TOKEN: "The token was refused: it is expired, revoked, or not for this API.",
  OAUTH2_INSUFFICIENT_SCOPE: "The token is good, but lacks a required scope.",
  OAUTH2_MISSING_SERVER: "The step names no authorization server that could check the token.",
  OAUTH2_INVALID_SERVER_RESPONSE: "The authorization server's answer cannot be understood, so nothing passes.",
  OAUTH2_SERVER_UNAVAILABLE: "The authorization server cannot be reached, so nothing passes.",
  API_NOT_FOUND: "No API is deployed at this path.",
  PATH_NOT_FOUND: "The path differs from a flow's by upper and lower case only.",
  INVALID_REQUEST_TARGET: "The gateway refuses this path before it looks at flows.",
  ENVIRONMENT_NOT_AVAILABLE: "The token is for an environment that this API has no endpoint for.",
  CORS_PREFLIGHT_FAILED: "The API does not allow this cross-origin request.",
  BACKEND_UNREACHABLE: "The backend cannot be reached.",
  BACKEND_INVALID_RESPONSE: "The backend answered with something that is not HTTP.",
  BACKEND_TIMEOUT: "The backend did not answer in time.",
  INVALID_REQUEST: "The gateway refuses the request because it is malformed.",
  METHOD_NOT_ALLOWED: "The gateway does not pass this method on.",
  API_UNAVAILABLE: "The API is deployed, but this gateway cannot serve it at the moment. Its log says why.",
  GATEWAY_ERROR: "The gateway could not process the call. Its log says why, under the request id.",
};
