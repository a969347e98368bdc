import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "./contract";
import type { KeptToken } from "./kept-token";
import type { KeptTokenHandle } from "./token-keeper";

/** Puts the kept token of an endpoint on its calls; a token that the backend refuses is replaced once a call. */
export function oauth2Authorizer(handle: KeptTokenHandle): EndpointAuthorizer {
  const replace = async (call: AuthorizedCall, refused: KeptToken): Promise<Credentials | null> => {
    const next = await handle.get(call);
    if (next.accessToken !== refused.accessToken) return next;
    // Some servers give the same token until it expires; sending it again would change nothing.
    call.note?.("The backend refused the token of its endpoint, and the token endpoint gave the same one again.");
    return null;
  };
  return {
    authorize: (call) => handle.get(call),
    refused(call, credentials) {
      // Every credential that comes from here is a kept token.
      const token = credentials as KeptToken;
      if (handle.evict(token.accessToken)) return replace(call, token);
      call.note?.("The backend refuses one token of its endpoint after the other; another one is not asked for yet.");
      return null;
    },
    release: () => handle.release(),
  };
}
