import type { Dispatcher } from "undici";
import { MAX_RESPONSE_BYTES, readLimited } from "../read-limited";
import type { IntrospectionRequest } from "./request";

/** What an introspection endpoint said. Reasons may name its host; they never carry the token. */
export type Introspection =
  | { kind: "claims"; claims: Readonly<Record<string, unknown>> }
  | { kind: "unavailable" | "invalidResponse"; reason: string };

/** Says what a status other than 200 means. It is about the gateway and the server, never about the token. */
function statusReason(status: number): string {
  const answered = `The authorization server answered with the status ${status}`;
  if (status === 401) return `${answered}: it does not accept the client id and secret of the resource.`;
  if (status === 403) return `${answered}: it does not let the client of the resource introspect.`;
  if (status >= 300 && status < 400) return `${answered}: redirects are not followed, because the credentials are meant for one address.`;
  return `${answered}.`;
}

/** Asks an introspection endpoint about a token (RFC 7662), once. It never rejects. */
export async function introspect(dispatcher: Dispatcher, request: IntrospectionRequest, timeoutMs: number): Promise<Introspection> {
  let body: string | null;
  try {
    const response = await dispatcher.request({ ...request, signal: AbortSignal.timeout(timeoutMs) });
    if (response.statusCode !== 200) {
      await response.body.dump();
      return { kind: "unavailable", reason: statusReason(response.statusCode) };
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
