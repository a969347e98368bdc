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

  /** What was waited for was dropped meanwhile: the call gets what comes after it. */
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
