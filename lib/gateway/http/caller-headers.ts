import { foldHeaderName, isNeverPassed, isOtherSpelling, isPlainHeaderName } from "@/lib/definition/header-names";
import { withoutConsoleCookies } from "./cookies";
import type { HeaderList } from "./headers";

/** Parsed client headers, and the headers to forward. */
export interface CallerHeaders {
  headers: HeaderList;
  /** Headers with other characters than letters, digits and hyphens in their names, which pass only where an API allows them. */
  others: HeaderList | null;
  authorization: string | null;
  accept: string | null;
  origin: string | null;
  host: string | null;
  contentLength: string | null;
  /** Value of `Upgrade`, if the request has one. */
  upgrade: string | null;
  traceparent: string | null;
  /** Forwarded values, valid only from trusted proxies. */
  forwarded: string | null;
  forwardedFor: string | null;
  forwardedProto: string | null;
  forwardedHost: string | null;
  forwardedPrefix: string | null;
  /** Number of Gatewright gateways that the request has passed. */
  hops: number;
  /** Why the request is rejected with 400. */
  problem: string | null;
}

type Action =
  | "pass"
  | "drop"
  | "other"
  | "connection"
  | "authorization"
  | "accept"
  | "origin"
  | "host"
  | "content-length"
  | "cookie"
  | "transfer-encoding"
  | "upgrade"
  | "traceparent"
  | "forwarded"
  | "x-forwarded-for"
  | "x-forwarded-proto"
  | "x-forwarded-host"
  | "x-forwarded-prefix"
  | "via";

const READ: ReadonlySet<string> = new Set<Action>([
  "connection",
  "authorization",
  "accept",
  "origin",
  "host",
  "content-length",
  "cookie",
  "transfer-encoding",
  "upgrade",
  "traceparent",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-prefix",
  "via",
]);

/** What becomes of a header, by its name. */
interface Classified {
  /** The name as the loosest backend reads it. */
  folded: string;
  action: Action;
}

function classify(name: string): Classified {
  const lower = name.toLowerCase();
  if (READ.has(lower)) return { folded: lower, action: lower as Action };
  const folded = foldHeaderName(lower);
  // What a server folds into one that is read here would be read twice.
  if (isNeverPassed(lower) || isOtherSpelling(lower)) return { folded, action: "drop" };
  return { folded, action: isPlainHeaderName(lower) ? "pass" : "other" };
}

/** Classification cache by name. Limited, because clients choose names. */
const KNOWN_MAX = 2000;
const known = new Map<string, Classified>();

function classified(name: string): Classified {
  const found = known.get(name);
  if (found) return found;
  const made = classify(name);
  if (known.size < KNOWN_MAX && name.length <= 40) known.set(name, made);
  return made;
}

/** The headers that `Connection` names, folded; null when it names none but its own words. */
export function connectionNames(value: string): ReadonlySet<string> | null {
  if (value === "keep-alive" || value === "close") return null;
  const names = value.split(",").map((name) => foldHeaderName(name.trim()));
  const custom = names.filter((name) => name !== "" && name !== "close" && name !== "keep-alive" && name !== "upgrade");
  return custom.length === 0 ? null : new Set(custom);
}

/** RFC 9112, section 3.2: what is no host is malformed. It goes on as `X-Forwarded-Host`, from which backends make links. */
const HOST = /^[A-Za-z0-9._~!$&'()*+,;=%:[\]-]*$/;

const joined = (former: string | null, value: string) => (former === null ? value : `${former}, ${value}`);

/** This gateway in a `Via` header (RFC 9110, section 7.6.3): a name, never a host. */
export const VIA = "1.1 gatewright";

/**
 * Reads a caller's headers in one pass: finds what the gateway itself needs, and copies those that may pass.
 * Left out are headers that never pass (see `isNeverPassed`), those that `Connection` names, framing, and the console's cookies.
 * Those whose names have other characters than letters, digits and hyphens are set apart.
 */
export function readCallerHeaders(raw: readonly string[]): CallerHeaders {
  return read(raw, null);
}

const FRAMING: ReadonlySet<Action> = new Set<Action>(["content-length", "transfer-encoding", "host"]);

function read(raw: readonly string[], dropped: ReadonlySet<string> | null): CallerHeaders {
  const headers: HeaderList = [];
  const result: CallerHeaders = {
    headers,
    others: null,
    authorization: null,
    accept: null,
    origin: null,
    host: null,
    contentLength: null,
    upgrade: null,
    traceparent: null,
    forwarded: null,
    forwardedFor: null,
    forwardedProto: null,
    forwardedHost: null,
    forwardedPrefix: null,
    hops: 0,
    problem: null,
  };
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    const { folded, action } = classified(name);
    // Naming what frames the message or its host in Connection spares it no check.
    if (dropped?.has(folded) && !FRAMING.has(action)) continue;
    switch (action) {
      case "pass":
        break;
      case "drop":
        continue;
      case "other":
        result.others ??= [];
        result.others.push(name, value);
        continue;
      case "connection": {
        if (dropped) continue;
        const names = connectionNames(joinedValues(raw));
        if (names) return read(raw, names);
        continue;
      }
      case "authorization":
        if (result.authorization !== null) result.problem = "The request has several Authorization headers.";
        result.authorization = value;
        break;
      case "accept":
        result.accept = joined(result.accept, value);
        break;
      case "origin":
        result.origin = value;
        break;
      case "traceparent":
        result.traceparent = value;
        break;
      case "host":
        if (result.host !== null) result.problem = "The request has several Host headers.";
        if (!HOST.test(value)) result.problem = "The Host header is invalid.";
        result.host = value;
        continue;
      case "content-length":
        if (result.contentLength !== null && result.contentLength !== value)
          result.problem = "The request has several Content-Length headers.";
        // Beyond 2^53 a number here is not the number that was sent.
        if (!/^\d{1,15}$/.test(value)) result.problem = "The Content-Length header is not a number.";
        result.contentLength = value;
        continue;
      case "cookie": {
        const cookie = withoutConsoleCookies(value);
        if (cookie !== null) headers.push(name, cookie);
        continue;
      }
      case "transfer-encoding":
        // Another coding below the chunks would be taken off here and missing at the backend (RFC 9112, section 6.1).
        if (value.trim().toLowerCase() !== "chunked") result.problem = "The request has a transfer coding other than chunked.";
        continue;
      case "upgrade":
        result.upgrade = joined(result.upgrade, value);
        continue;
      case "forwarded":
        result.forwarded = joined(result.forwarded, value);
        continue;
      case "x-forwarded-for":
        result.forwardedFor = joined(result.forwardedFor, value);
        continue;
      case "x-forwarded-proto":
        result.forwardedProto = value;
        continue;
      case "x-forwarded-host":
        result.forwardedHost = value;
        continue;
      case "x-forwarded-prefix":
        result.forwardedPrefix = value;
        continue;
      case "via":
        result.hops += value.split(VIA).length - 1;
        break;
    }
    headers.push(name, value);
  }
  return result;
}

function joinedValues(raw: readonly string[]): string {
  let values: string | null = null;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    if (name.length === 10 && name.toLowerCase() === "connection") values = joined(values, raw[index + 1] ?? "");
  }
  return values ?? "";
}
