import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "./contract";
import { EndpointSecurityFailure } from "./failure";

/**
 * Puts credentials on calls that were all made since the tokens of the endpoint were dropped last. `epoch` counts the drops: it
 * is asked with every call, and when it has changed, `take` is called for an authorizer of the new count.
 */
export function sinceLastDrop(epoch: () => number, take: (epoch: number) => EndpointAuthorizer): EndpointAuthorizer {
  let takenAt = epoch();
  let current = take(takenAt);
  let isReleased = false;

  const newest = (): EndpointAuthorizer => {
    const now = epoch();
    if (now === takenAt || isReleased) return current;
    const former = current;
    current = take(now);
    takenAt = now;
    former.release();
    return current;
  };

  const authorize = (call: AuthorizedCall): Credentials | Promise<Credentials> => {
    const used = newest();
    const credentials = used.authorize(call);
    if (!(credentials instanceof Promise)) return credentials;
    return credentials.catch((error: unknown) => {
      // It waited for a token that was dropped meanwhile: it gets the one after it.
      if (used !== current && error instanceof EndpointSecurityFailure && error.kind === "released") return authorize(call);
      throw error;
    });
  };

  return {
    authorize,
    refused: (call, credentials, challenges) => newest().refused(call, credentials, challenges),
    release() {
      isReleased = true;
      current.release();
    },
  };
}
