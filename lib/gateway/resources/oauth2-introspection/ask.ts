import type { Dispatcher } from "undici";
import { MAX_RESPONSE_BYTES, readLimited } from "../read-limited";
import type { IntrospectionConfig } from "./schema";

/** What an introspection endpoint said. Reasons may name its host; they never carry the token. */
export type Introspection =
  | { kind: "claims"; claims: Readonly<Record<string, unknown>> }
  | { kind: "unavailable" | "invalidResponse"; reason: string };

/** RFC 6749, section 2.3.1 and appendix B: the form encoding of client credentials before Basic joins them. */
const formEncode = (value: string) => new URLSearchParams([["", value]]).toString().slice(1);

/** The `Basic` credentials of a client. */
export function basicCredentials(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString("base64")}`;
}

/** Compiles the request: everything that does not depend on the token is made once. */
export function introspectionRequest(
  config: IntrospectionConfig,
  clientSecret: string,
): (token: string) => { path: string; method: "GET" | "POST"; headers: string[]; body: string | null } {
  const url = new URL(config.introspectionEndpoint);
  const headers = ["accept", "application/json"];
  if (config.clientAuthentication === "basic") headers.push("authorization", basicCredentials(config.clientId, clientSecret));
  if (config.clientAuthentication === "header")
    headers.push(config.clientAuthenticationHeader, basicCredentials(config.clientId, clientSecret));
  const credentials: Record<string, string> =
    config.clientAuthentication === "body" ? { client_id: config.clientId, client_secret: clientSecret } : {};
  const isPost = config.method === "POST";
  if (isPost) headers.push("content-type", "application/x-www-form-urlencoded");
  return (token) => {
    const query = new URLSearchParams(url.search);
    const form = new URLSearchParams(credentials);
    if (config.tokenLocation === "query") query.append(config.tokenName, token);
    if (config.tokenLocation === "form") form.append(config.tokenName, token);
    const search = query.size > 0 ? `?${query}` : "";
    return {
      path: url.pathname + search,
      method: config.method,
      headers: config.tokenLocation === "header" ? [...headers, config.tokenName, token] : headers,
      body: isPost ? form.toString() : null,
    };
  };
}

/**
 * Asks an introspection endpoint about a token (RFC 7662). A status other than 200 says nothing about the token:
 * the server is unavailable to us. Redirects are not followed, because the credentials are meant for one origin.
 */
export async function introspect(
  dispatcher: Dispatcher,
  request: ReturnType<ReturnType<typeof introspectionRequest>>,
  timeoutMs: number,
): Promise<Introspection> {
  let body: string | null;
  try {
    const response = await dispatcher.request({ ...request, signal: AbortSignal.timeout(timeoutMs) });
    if (response.statusCode !== 200) {
      await response.body.dump();
      return { kind: "unavailable", reason: `The authorization server answered with the status ${response.statusCode}.` };
    }
    body = await readLimited(response.body);
  } catch (error) {
    return {
      kind: "unavailable",
      reason: `The authorization server could not be asked: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  if (body === null)
    return { kind: "invalidResponse", reason: `The authorization server answered with more than ${MAX_RESPONSE_BYTES} bytes.` };
  try {
    const claims: unknown = JSON.parse(body);
    // Other JSON than an object says nothing, so it says not that the token is active.
    return {
      kind: "claims",
      claims: claims !== null && typeof claims === "object" && !Array.isArray(claims) ? (claims as Record<string, unknown>) : {},
    };
  } catch {
    return { kind: "invalidResponse", reason: "The authorization server answered with something that is not JSON." };
  }
}
