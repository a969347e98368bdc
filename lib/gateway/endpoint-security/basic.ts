import type { Credentials, EndpointAuthorizer } from "./contract";

/** Credentials of Basic authentication (RFC 7617), in UTF-8: the same for every call, and final when they are refused. */
export function basicAuthorizer(username: string, password: string): EndpointAuthorizer {
  const credentials: Credentials = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  return {
    authorize: () => credentials,
    refused: () => null,
    release: () => undefined,
  };
}
