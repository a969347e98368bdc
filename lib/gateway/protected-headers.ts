import { isConsoleCookie } from "./cookies";

/** Headers that mean something between two neighbours only (RFC 9110, section 7.6.1). They are never passed on. */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** What describes the framing of a message, names its host or is the gateway's own. Steps do not decide these. */
const GATEWAY_HEADERS = new Set(["content-length", "host", "expect", "x-request-id"]);

/** Whether steps must keep their hands off a header. Safe for the browser. */
export function isProtectedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return CONNECTION_HEADERS.has(lower) || GATEWAY_HEADERS.has(lower);
}

/** Whether a header would carry a cookie of the console, which nothing may send in anyone's name. Safe for the browser. */
export function carriesConsoleCookie(name: string, value: string): boolean {
  return (
    /^(?:set-)?cookie$/i.test(name) && value.split(";").some((pair) => isConsoleCookie(pair.replace(/^\s*=/, "").split("=", 1)[0] ?? ""))
  );
}
