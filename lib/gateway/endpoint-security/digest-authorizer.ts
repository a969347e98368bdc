import { parseChallenges, parseParameters } from "./challenges";
import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "./contract";
import { chooseDigest, DigestSession } from "./digest";

interface DigestCredentials extends Credentials {
  /** Session that made them; null before the first challenge. */
  readonly session: DigestSession | null;
}

const NONE: DigestCredentials = { authorization: null, session: null };

/**
 * Authenticates with Digest (RFC 7616), qop `auth`. The first request is sent without credentials and retried with a response
 * to the challenge; later requests reuse the cached nonce.
 */
export function digestAuthorizer(username: string, password: string): EndpointAuthorizer {
  const user = { username, password };
  let current: DigestSession | null = null;

  const respond = (session: DigestSession, { method, target }: AuthorizedCall): DigestCredentials => ({
    authorization: session.authorization(method, target),
    session,
  });
  const clear = (session: DigestSession | null) => {
    if (current === session) current = null;
  };

  return {
    authorize(call) {
      if (current === null) return NONE;
      const credentials = respond(current, call);
      if (current.isUsedUp) current = null;
      return credentials;
    },
    refused(call, credentials, challenges) {
      // `authorize` returns only this type.
      const { session: used } = credentials as DigestCredentials;
      const challenge = chooseDigest(parseChallenges(challenges));
      if (typeof challenge === "string") {
        clear(used);
        call.note?.(`Digest authentication isn't possible: ${challenge}.`);
        return null;
      }
      // A server that lost its nonces may omit stale=true, so a new nonce after a success counts as stale.
      const isExpired = challenge.isStale || (used?.isProven === true && challenge.nonce !== used.challenge.nonce);
      if (used !== null && !isExpired) {
        clear(used);
        call.note?.("The backend rejected the endpoint's username and password.");
        return null;
      }
      const session = new DigestSession(user, challenge);
      current = session;
      return respond(session, call);
    },
    accepted(credentials, authenticationInfo) {
      const { session } = credentials as DigestCredentials;
      if (session === null) return;
      session.isProven = true;
      if (authenticationInfo === null || current !== session) return;
      const nextNonce = parseParameters(authenticationInfo).get("nextnonce");
      // A repeated nonce must not reset its count.
      if (!nextNonce || nextNonce === session.challenge.nonce) return;
      current = session.withNonce(nextNonce) ?? session;
    },
    release: () => undefined,
  };
}
