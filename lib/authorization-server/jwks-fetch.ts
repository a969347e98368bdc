import type { JWK } from "jose";
import { Agent, request } from "undici";
import { z } from "zod";
import { environment } from "@/lib/platform/env";
import type { Outbound } from "@/lib/platform/outbound/connector";
import { outbound } from "@/lib/platform/outbound/own";
import { singleton } from "@/lib/platform/singleton";

const TIMEOUT_MS = 5000;
const BYTES_MAX = 64 * 1024;

/** A key set could not be had; the message is for people who read the log. */
export class JwksUnavailable extends Error {
  override name = "JwksUnavailable";
}

/** Connections that reach only where this process may call, whatever names resolve to. */
export const guardedAgent = (through: Outbound): Agent =>
  new Agent({ connect: through.connector({ timeout: TIMEOUT_MS }), maxResponseSize: BYTES_MAX, connections: 4 });

const agent = () => singleton("jwks-agent", () => guardedAgent(outbound()));

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * A URL that may be fetched. Plain http is for trials on one machine alone: the console itself is on loopback without TLS then.
 * @throws JwksUnavailable
 */
function allowed(uri: string): URL {
  if (!URL.canParse(uri)) throw new JwksUnavailable("the jwks_uri is no URL");
  const url = new URL(uri);
  const own = new URL(environment().publicUrl);
  const isTrial = own.protocol === "http:" && LOOPBACK.test(own.hostname);
  const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && isTrial && LOOPBACK.test(url.hostname));
  if (!isAllowed) throw new JwksUnavailable("the jwks_uri is not https");
  const problem = outbound().hostProblem(url.hostname);
  if (problem !== null) throw new JwksUnavailable(problem);
  return url;
}

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

async function bodyOf(url: URL): Promise<string> {
  const answer = await request(url, {
    dispatcher: agent(),
    headers: { accept: "application/jwk-set+json, application/json" },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.statusCode === 200) return answer.body.text();
  await answer.body.dump().catch(() => undefined);
  throw new JwksUnavailable(`the jwks_uri answered ${answer.statusCode}`);
}

/**
 * Fetches a client's key set (RFC 7517): over https, without following redirects, within 5 seconds and 64 kB, and never from
 * where this process may not call.
 * @throws JwksUnavailable with the reason
 */
export async function fetchJwks(uri: string): Promise<JWK[]> {
  const url = allowed(uri);
  try {
    return jwksSchema.parse(JSON.parse(await bodyOf(url))).keys;
  } catch (error) {
    if (error instanceof JwksUnavailable) throw error;
    const cause = error instanceof z.ZodError || error instanceof SyntaxError ? "what it answers is no key set" : String(error);
    throw new JwksUnavailable(`the jwks_uri could not be read: ${cause}`, { cause: error });
  }
}
