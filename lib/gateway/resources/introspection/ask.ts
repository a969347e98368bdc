import type { Dispatcher } from "undici";
import { duplicateKeys } from "@/lib/definition/duplicate-keys";
import { UnreadableBody } from "@/lib/http-client/content-coding";
import { JSON_LEVELS_MAX, jsonObject, nestsTooDeeply } from "@/lib/http-client/json";
import { sendRequest } from "@/lib/http-client/send-request";
import { MAX_INTROSPECTION_BYTES } from "../limits";
import { shown } from "../shown";
import type { IntrospectionRequest } from "./request";

/** What an introspection endpoint said. Reasons may name its host; they never carry the token. */
export type Introspection =
  | { kind: "claims"; claims: Readonly<Record<string, unknown>> }
  | { kind: "inactive" | "unavailable" | "invalidResponse"; reason: string };

/** Statuses that are about the gateway's own credentials or its number of requests, whatever the body says. */
const ABOUT_THE_GATEWAY: ReadonlySet<number> = new Set([401, 403, 407, 429]);

/** Error codes of RFC 6749, 5.2 and RFC 6750, 3.1: nothing else of a response is quoted, because it could repeat a secret. */
const KNOWN_ERRORS: ReadonlySet<string> = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_token",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_token_type",
  "insufficient_scope",
  "access_denied",
  "server_error",
  "temporarily_unavailable",
]);

/** Says what a status outside 2xx means. It is about the gateway and the server, never about the token. */
function statusReason(status: number, error: string | null): string {
  const answered = `The authorization server answered with the status ${status}${error === null ? "" : ` (${error})`}`;
  if (status === 401 || error === "invalid_client") return `${answered}: it does not accept the client id and secret of the resource.`;
  if (status === 403) return `${answered}: it does not let the client of the resource introspect.`;
  if (status >= 300 && status < 400) return `${answered}: redirects are not followed, because the credentials are meant for one address.`;
  return `${answered}.`;
}

/** Judges a response outside 2xx. Some servers, such as Spring's `check_token`, answer 400 `invalid_token` instead of `active: false`. */
function judgeError(status: number, text: string | null): Introspection {
  const stated = text === null ? undefined : jsonObject(text)?.error;
  const error = typeof stated === "string" && KNOWN_ERRORS.has(stated) ? stated : null;
  const isAboutToken = error === "invalid_token" && status >= 400 && status < 500 && !ABOUT_THE_GATEWAY.has(status);
  return isAboutToken
    ? { kind: "inactive", reason: `The authorization server answered with the status ${status} (invalid_token).` }
    : { kind: "unavailable", reason: statusReason(status, error) };
}

/** Says why a server could not be asked. */
export const notAsked = (error: unknown): Introspection => ({
  kind: "unavailable",
  reason: `The authorization server could not be asked: ${error instanceof Error ? error.message : String(error)}`,
});

/** Asks an introspection endpoint about a token (RFC 7662), once, until the signal ends it. It never rejects. */
export async function introspect(dispatcher: Dispatcher, request: IntrospectionRequest, signal: AbortSignal): Promise<Introspection> {
  let status: number;
  let text: string | null;
  try {
    const question = { ...request, signal, maxBytes: MAX_INTROSPECTION_BYTES };
    ({ status, text } = await sendRequest(dispatcher, question));
  } catch (error) {
    if (error instanceof UnreadableBody) return invalid(error.message);
    return notAsked(error);
  }
  if (status < 200 || status > 299) return judgeError(status, text);
  if (status === 206) return invalid("a part of a response (206)");
  if (text === null) return invalid(`more than ${MAX_INTROSPECTION_BYTES} bytes`);
  const claims = jsonObject(text);
  if (claims === null) return judgeOther(text);
  // Parsers take one of the two, and which one is up to them (RFC 8259, section 4).
  const [twice] = duplicateKeys(text);
  return twice === undefined ? { kind: "claims", claims } : invalid(`JSON that has a member twice: ${shown(twice.path)}`);
}

const invalid = (what: string): Introspection => ({ kind: "invalidResponse", reason: `The authorization server answered with ${what}.` });

/** Judges a text that is no object. Other JSON says nothing, so it says not that the token is active. */
function judgeOther(text: string): Introspection {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid("something that is not JSON");
  }
  return nestsTooDeeply(value) ? invalid(`JSON that nests deeper than ${JSON_LEVELS_MAX} levels`) : { kind: "claims", claims: {} };
}
