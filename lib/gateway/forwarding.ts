import { setsConsoleCookie, withoutConsoleCookies } from "./cookies";
import { type HeaderList, headerValues } from "./headers";
import { CONNECTION_HEADERS } from "./protected-headers";

/** Says about a caller's header, in lower case, that the gateway sets it itself and accepts none. */
function isGatewayOwned(name: string): boolean {
  // Many servers fold - and _ together, so x_gatewright_subject would pass for x-gatewright-subject.
  const folded = name.includes("_") ? name.replaceAll("_", "-") : name;
  return (
    folded.startsWith("x-gatewright-") ||
    folded.startsWith("x-forwarded-") ||
    folded === "x-request-id" ||
    folded === "forwarded" ||
    folded === "x-real-ip"
  );
}

function connectionNamed(headers: readonly string[]): ReadonlySet<string> | null {
  const values = headerValues(headers, "connection");
  if (values.length === 0) return null;
  const names = values.flatMap((value) => value.split(",")).map((name) => name.trim().toLowerCase());
  const custom = names.filter((name) => name !== "" && name !== "close" && name !== "keep-alive");
  return custom.length === 0 ? null : new Set(custom);
}

/** What the gateway needs to know about a caller's headers, and the headers it passes on. */
export interface CallerHeaders {
  headers: HeaderList;
  authorization: string | null;
  accept: string | null;
  origin: string | null;
  host: string | null;
  contentLength: string | null;
  /** Why the request is refused with 400. */
  problem: string | null;
}

/**
 * Reads a caller's headers in one pass: finds what the gateway itself needs, and copies those that may pass.
 * Left out are connection headers and those that `Connection` names, framing, everything that only the gateway
 * may say (`x-gatewright-*`, `x-forwarded-*`, with - or _), and the console's cookies.
 */
export function readCallerHeaders(raw: readonly string[]): CallerHeaders {
  const result: CallerHeaders = {
    headers: [],
    authorization: null,
    accept: null,
    origin: null,
    host: null,
    contentLength: null,
    problem: null,
  };
  const dropped = connectionNamed(raw);
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    const lower = name.toLowerCase();
    if (dropped?.has(lower)) continue;
    switch (lower) {
      case "authorization":
        if (result.authorization !== null) result.problem = "The request has several Authorization headers.";
        result.authorization = value;
        break;
      case "accept":
        result.accept = result.accept === null ? value : `${result.accept}, ${value}`;
        break;
      case "origin":
        result.origin = value;
        break;
      case "host":
        if (result.host !== null) result.problem = "The request has several Host headers.";
        result.host = value;
        continue;
      case "content-length":
        if (result.contentLength !== null && result.contentLength !== value)
          result.problem = "The request has several Content-Length headers.";
        if (!/^\d+$/.test(value)) result.problem = "The Content-Length of the request is not a number.";
        result.contentLength = value;
        continue;
      case "cookie": {
        const cookie = withoutConsoleCookies(value);
        if (cookie !== null) result.headers.push(name, cookie);
        continue;
      }
      case "transfer-encoding":
        // Another coding below the chunks would be taken off here and missing at the backend (RFC 9112, section 6.1).
        if (value.trim().toLowerCase() !== "chunked") result.problem = "The request has a transfer coding other than chunked.";
        continue;
      case "expect":
        continue;
      default:
        if (CONNECTION_HEADERS.has(lower) || isGatewayOwned(lower)) continue;
    }
    result.headers.push(name, value);
  }
  return result;
}

/** Headers by which an answer would act on everything that shares its origin, the console included. */
const ORIGIN_WIDE_HEADERS = new Set([
  "clear-site-data",
  "service-worker-allowed",
  "strict-transport-security",
  "alt-svc",
  "nel",
  "report-to",
  "reporting-endpoints",
]);

/** How a backend's headers are passed on. Fixed for an API's deployment. */
export interface BackendHeaderRules {
  /** The gateway answers cross-origin questions itself. */
  dropCors: boolean;
  sharesConsoleOrigin: boolean;
}

/**
 * Copies a backend's headers that may pass. Left out are connection headers and those that `Connection` names,
 * cookies of the console, a request id that is not ours, identity headers, and, on the console's origin, what acts on the whole origin.
 */
export function passBackendHeaders(raw: readonly string[], rules: BackendHeaderRules): HeaderList {
  const headers: HeaderList = [];
  const dropped = connectionNamed(raw);
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    const lower = name.toLowerCase();
    if (dropped?.has(lower) && lower !== "content-length") continue;
    if (CONNECTION_HEADERS.has(lower) || lower === "x-request-id" || lower.startsWith("x-gatewright-")) continue;
    if (lower === "set-cookie" && setsConsoleCookie(value)) continue;
    if (rules.dropCors && lower.startsWith("access-control-")) continue;
    if (rules.sharesConsoleOrigin && ORIGIN_WIDE_HEADERS.has(lower)) continue;
    headers.push(name, value);
  }
  return headers;
}
