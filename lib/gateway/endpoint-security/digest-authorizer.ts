import { parseChallenges, parseParameters } from "./challenges";
import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "./contract";
import { chooseDigest, DigestSession } from "./digest";

interface DigestCredentials extends Credentials {
  /** What they were made with; null when no challenge was known. */
  readonly session: DigestSession | null;
}

const NONE: DigestCredentials = { authorization: null, session: null };

/**
 * Digest authentication (RFC 7616) with quality of protection `auth`. The first call goes without credentials and is sent
 * again with an answer to the challenge; the ones after it answer in advance, with the nonce that is kept.
 */
export function digestAuthorizer(username: string, password: string): EndpointAuthorizer {
  const user = { username, password };
  let current: DigestSession | null = null;

  const answer = (session: DigestSession, { method, target }: AuthorizedCall): DigestCredentials => ({
    authorization: session.authorization(method, target),
    session,
  });
  const forget = (session: DigestSession | null) => {
    if (current === session) current = null;
  };

  return {
    authorize(call) {
      if (current === null) return NONE;
      const credentials = answer(current, call);
      if (current.isUsedUp) current = null;
      return credentials;
    },
    refused(call, credentials, challenges) {
      // Every credential that comes from here is one of these.
      const { session: used } = credentials as DigestCredentials;
      const challenge = chooseDigest(parseChallenges(challenges));
      if (typeof challenge === "string") {
        forget(used);
        call.note?.(`The backend's 401 was handed on, because ${challenge}.`);
        return null;
      }
      // A server that lost its nonces may not say that they are stale. It is believed that it did if they were good before.
      const isExpired = challenge.isStale || (used?.isProven === true && challenge.nonce !== used.challenge.nonce);
      if (used !== null && !isExpired) {
        forget(used);
        call.note?.("The backend does not accept the user name and password of its endpoint.");
        return null;
      }
      const session = new DigestSession(user, challenge);
      current = session;
      return answer(session, call);
    },
    accepted(credentials, authenticationInfo) {
      const { session } = credentials as DigestCredentials;
      if (session === null) return;
      session.isProven = true;
      if (authenticationInfo === null || current !== session) return;
      const nextNonce = parseParameters(authenticationInfo).get("nextnonce");
      // The same one again goes on as it is: its count must not begin anew.
      if (!nextNonce || nextNonce === session.challenge.nonce) return;
      current = session.withNonce(nextNonce) ?? session;
    },
    release: () => undefined,
  };
}
