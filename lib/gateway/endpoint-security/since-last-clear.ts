import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "./contract";
import { EndpointSecurityFailure } from "./failure";

/**
 * Authenticates requests only with tokens obtained since the endpoint's tokens were last cleared. `epoch` counts the clears;
 * it is read per request, and `take` creates an authorizer for each new epoch.
 */
export function sinceLastDrop(epoch: () => number, take: (epoch: number) => EndpointAuthorizer): EndpointAuthorizer {
  let takenAt = epoch();
  let current = take(takenAt);
  let isReleased = false;

  const newest = (): EndpointAuthorizer => {
    const now = epoch();
    if (now === takenAt || isReleased) return current;
    const previous = current;
    current = take(now);
    takenAt = now;
    previous.release();
    return current;
  };

  /** Whether the tokens were cleared while the request waited, so it must wait for the next one. */
  const isOvertaken = (used: EndpointAuthorizer, error: unknown) =>
    used !== current && error instanceof EndpointSecurityFailure && error.kind === "released";

  const authorize = (call: AuthorizedCall): Credentials | Promise<Credentials> => {
    const used = newest();
    const credentials = used.authorize(call);
    if (!(credentials instanceof Promise)) return credentials;
    return credentials.catch((error: unknown) => {
      if (isOvertaken(used, error)) return authorize(call);
      throw error;
    });
  };

  const refused: EndpointAuthorizer["refused"] = (call, credentials, challenges) => {
    const used = newest();
    const others = used.refused(call, credentials, challenges);
    if (!(others instanceof Promise)) return others;
    return others.catch((error: unknown) => {
      if (isOvertaken(used, error)) return refused(call, credentials, challenges);
      throw error;
    });
  };

  return {
    authorize,
    refused,
    generation: epoch,
    release() {
      isReleased = true;
      current.release();
    },
  };
}
