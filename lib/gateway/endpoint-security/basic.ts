import type { Credentials, EndpointAuthorizer } from "./contract";

/** Authenticates with Basic (RFC 7617) in UTF-8. The credentials are constant, so a 401 is never retried. */
export function basicAuthorizer(username: string, password: string): EndpointAuthorizer {
  const credentials: Credentials = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  return {
    authorize: () => credentials,
    refused: () => null,
    release: () => undefined,
  };
}
