import type { CachedToken } from "./cached-token";
import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "./contract";
import type { CachedTokenHandle } from "./token-keeper";

/** Authenticates requests with the endpoint's cached token, and replaces a rejected token once per request. */
export function oauth2Authorizer(handle: CachedTokenHandle): EndpointAuthorizer {
  const replace = async (call: AuthorizedCall, refused: CachedToken): Promise<Credentials | null> => {
    const next = await handle.get(call);
    if (next.accessToken !== refused.accessToken) return next;
    // Some servers return the same token until it expires; retrying with it is useless.
    call.note?.("The backend rejected the token, and the token endpoint returned the same one.");
    return null;
  };
  return {
    authorize: (call) => handle.get(call),
    refused(call, credentials) {
      // `authorize` returns only this type.
      const token = credentials as CachedToken;
      if (handle.evict(token.accessToken)) return replace(call, token);
      call.note?.("The backend rejects every new token. Backing off.");
      return null;
    },
    release: () => handle.release(),
  };
}
