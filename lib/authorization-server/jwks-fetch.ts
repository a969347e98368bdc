import type { JWK } from "jose";
import { Agent } from "undici";
import { UnreadableBody } from "@/lib/http-client/content-coding";
import { ignoringInterim } from "@/lib/http-client/interim-responses";
import { jsonObject } from "@/lib/http-client/json";
import { sendRequest } from "@/lib/http-client/send-request";
import { usableKeys } from "@/lib/http-client/usable-keys";
import { environment } from "@/lib/platform/env";
import type { Outbound } from "@/lib/platform/outbound/connector";
import { outbound } from "@/lib/platform/outbound/own";
import { singleton } from "@/lib/platform/singleton";

const TIMEOUT_MS = 5000;
const BYTES_MAX = 64 * 1024;

/** A key set couldn't be fetched. The message is for the log. */
export class JwksUnavailable extends Error {
  override name = "JwksUnavailable";
}

/** An agent that applies the outbound rules to every resolved address. */
export const guardedAgent = (through: Outbound): Agent =>
  new Agent({ connect: ignoringInterim(through.connector({ timeout: TIMEOUT_MS })), connections: 4 });

const agent = () => singleton("jwks-agent", () => guardedAgent(outbound()));

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks that a URL may be fetched. Plain http is allowed only between loopback addresses, while the console has no TLS either.
 * @throws JwksUnavailable
 */
function allowed(uri: string): URL {
  if (!URL.canParse(uri)) throw new JwksUnavailable("the jwks_uri isn't a URL");
  const url = new URL(uri);
  const own = new URL(environment().publicUrl);
  const isTrial = own.protocol === "http:" && LOOPBACK.test(own.hostname);
  const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && isTrial && LOOPBACK.test(url.hostname));
  if (!isAllowed) throw new JwksUnavailable("the jwks_uri must use https");
  const problem = outbound().hostProblem(url.hostname);
  if (problem !== null) throw new JwksUnavailable(problem);
  return url;
}

const KEYS_MAX = 100;

/** The unchecked members of a key set. */
function keysOf(text: string | null): readonly unknown[] {
  if (text === null) throw new JwksUnavailable(`the jwks_uri returned more than ${BYTES_MAX / 1024} KB`);
  const keys = jsonObject(text)?.keys;
  if (!Array.isArray(keys)) throw new JwksUnavailable("the jwks_uri didn't return a JSON Web Key Set");
  if (keys.length > KEYS_MAX) throw new JwksUnavailable(`the jwks_uri has more than ${KEYS_MAX} keys`);
  return keys;
}

/**
 * Fetches a client's key set (RFC 7517) over https, within 5 seconds, 64 KB and the outbound rules; redirects aren't followed.
 * Returns only keys that can verify signatures.
 * @throws JwksUnavailable with the reason
 */
export async function fetchJwks(uri: string): Promise<JWK[]> {
  const url = allowed(uri);
  try {
    const { status, text } = await sendRequest(agent(), {
      method: "GET",
      origin: url.origin,
      path: url.pathname + url.search,
      headers: ["accept", "application/jwk-set+json, application/json"],
      signal: AbortSignal.timeout(TIMEOUT_MS),
      maxBytes: BYTES_MAX,
    });
    if (status !== 200) throw new JwksUnavailable(`the jwks_uri returned ${status}`);
    return usableKeys(keysOf(text));
  } catch (error) {
    if (error instanceof JwksUnavailable) throw error;
    const cause = error instanceof UnreadableBody ? `it returned ${error.message}` : String(error);
    throw new JwksUnavailable(`can't read the jwks_uri: ${cause}`, { cause: error });
  }
}
