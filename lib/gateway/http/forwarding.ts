import { CONNECTION_HEADERS, foldHeaderName, squeezeHeaderName } from "@/lib/definition/header-names";
import type { GatewayRequest } from "../exchange";
import { type AddressMap, type AddressView, mapLink, mapRefresh } from "./address-map";
import { type CallerHeaders, connectionNames, VIA } from "./caller-headers";
import { CookieBudget, mapSetCookie } from "./cookie-map";
import { setsConsoleCookie } from "./cookies";
import type { HeaderList } from "./headers";

/** Headers by which an answer would act on everything that shares its origin, the console included. */
const ORIGIN_WIDE_HEADERS = new Set([
  "clear-site-data",
  "service-worker-allowed",
  "strict-transport-security",
  "alt-svc",
  "nel",
  "report-to",
  "reporting-endpoints",
  "accept-ch",
  "critical-ch",
  "expect-ct",
  "origin-agent-cluster",
  "public-key-pins",
  "set-login",
  "use-as-dictionary",
  // Sessions that a browser renews by itself: a registration covers the origin, and holds up requests to all of it.
  ...["sec-session-registration", "sec-session-challenge", "secure-session-registration", "secure-session-challenge"],
]);

/**
 * What a backend says to the server right before it: to send a file or another path instead of the answer. A proxy before the
 * gateway would obey. `X-Accel-Buffering` passes, because streams need it.
 */
const SERVER_COMMANDS = new Set([
  ...["x-accel-charset", "x-accel-expires", "x-accel-limit-rate", "x-accel-redirect"],
  ...["x-lighttpd-send-file", "x-litespeed-location", "x-reproxy-url", "x-sendfile", "x-sendfile2"],
]);

/** How a backend's headers are passed on. Fixed for an API's deployment. */
export interface BackendHeaderRules {
  /** The gateway answers cross-origin questions itself. */
  dropCors: boolean;
  sharesConsoleOrigin: boolean;
}

type BackendHeader =
  | "pass"
  | "drop"
  | "connection"
  | "transfer-encoding"
  | "set-cookie"
  | "cors"
  | "origin-wide"
  | "content-length"
  | "location"
  | "content-location"
  | "refresh"
  | "link";

const READ: ReadonlySet<string> = new Set<BackendHeader>([
  "connection",
  "transfer-encoding",
  "set-cookie",
  "content-length",
  "location",
  "content-location",
  "refresh",
  "link",
]);

function classify(name: string): BackendHeader {
  const lower = name.toLowerCase();
  if (READ.has(lower)) return lower as BackendHeader;
  // Other names than those of requests pass: clients don't fold them. What the gateway guarantees holds for their folds all the same.
  const squeezed = squeezeHeaderName(lower);
  if (READ.has(squeezed) || CONNECTION_HEADERS.has(squeezed) || SERVER_COMMANDS.has(squeezed)) return "drop";
  if (squeezed === "x-request-id" || squeezed.startsWith("x-gatewright-")) return "drop";
  if (squeezed.startsWith("access-control-")) return "cors";
  return ORIGIN_WIDE_HEADERS.has(squeezed) ? "origin-wide" : "pass";
}

/** Names as backends write them. Bounded all the same; what does not fit is classified each time. */
const KNOWN_MAX = 2000;
const known = new Map<string, BackendHeader>();

function classified(name: string): BackendHeader {
  const found = known.get(name);
  if (found) return found;
  const made = classify(name);
  if (known.size < KNOWN_MAX && name.length <= 40) known.set(name, made);
  return made;
}

const text = (part: Buffer | string | undefined): string => (typeof part === "string" ? part : (part?.toString("latin1") ?? ""));

/** Whether a body is complete once its chunks are read. `identity`, which old servers send, changes nothing. */
function isTransparent(value: string, former: string | null): boolean {
  const coding = value.trim().toLowerCase();
  return former === null && (coding === "chunked" || coding === "identity");
}

/**
 * Copies a backend's headers that may pass. Left out are connection headers and those that `Connection` names,
 * cookies of the console, a request id that is not ours, identity headers, and, on the console's origin, what acts on the whole origin.
 * Addresses and cookies are mapped to what clients can use; cookies beyond the bounds are left out and counted.
 * @param view gets the transfer codings when the gateway doesn't decode them: the body isn't what its headers say
 */
export function passBackendHeaders(
  raw: readonly (Buffer | string)[],
  rules: BackendHeaderRules,
  addresses: AddressMap,
  view: AddressView & { cookiesLeftOut: number; transferCoding: string | null },
): HeaderList {
  const headers: HeaderList = [];
  let connection: string | null = null;
  let coding: string | null = null;
  let budget: CookieBudget | null = null;
  for (let index = 0; index < raw.length; index += 2) {
    const name = text(raw[index]);
    const kind = classified(name);
    if (kind === "drop") continue;
    let value = text(raw[index + 1]);
    switch (kind) {
      case "connection":
        connection = connection === null ? value : `${connection},${value}`;
        continue;
      case "transfer-encoding":
        if (!isTransparent(value, coding)) view.transferCoding = coding === null ? value : `${coding}, ${value}`;
        coding = value;
        continue;
      case "set-cookie":
        if (setsConsoleCookie(value)) continue;
        budget ??= new CookieBudget();
        if (!budget.takes(value)) {
          view.cookiesLeftOut = budget.leftOut;
          continue;
        }
        value = mapSetCookie(value, addresses, view, rules);
        break;
      case "location":
      case "content-location":
        value = addresses.reference(value, view);
        break;
      case "refresh":
        value = mapRefresh(value, addresses, view);
        break;
      case "link":
        value = mapLink(value, addresses, view);
        break;
      case "cors":
        if (rules.dropCors) continue;
        break;
      case "origin-wide":
        if (rules.sharesConsoleOrigin) continue;
        break;
      default:
    }
    headers.push(name, value);
  }
  const named = connection === null ? null : connectionNames(connection);
  return named ? withoutNamed(headers, named) : headers;
}

/** The length is the message's own, whatever `Connection` says about it. */
function withoutNamed(headers: HeaderList, named: ReadonlySet<string>): HeaderList {
  const kept: HeaderList = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const folded = foldHeaderName(name);
    if (!named.has(folded) || folded === "content-length") kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}

/** The last element of `Forwarded` that was made: one caller's calls come one after the other. */
export interface LastElement {
  peer: string;
  host: string;
  proto: string;
  text: string;
}

/** How callers reach this gateway, for what it tells backends. */
export interface Forwarding {
  readonly last: LastElement;
  proto: string;
  host: string;
  /** The path of the public address, without a trailing slash. */
  publicPath: string;
  /** What is cut from paths before they reach the backend: the mount point and the context path; empty for nothing. */
  cut: string;
  /** The same for clients that use the public address. */
  publicCut: string;
  /** Whether what this neighbour says about the caller is believed. */
  trusts(peerAddress: string): boolean;
  /** How long a call keeps its connection while other clients wait. */
  displaceAfterMs?: number | undefined;
}

/** A value of a `Forwarded` parameter: a token as it is, all else quoted (RFC 7239, section 4). */
const parameter = (value: string) => (/^[\w.~!#$%&'*+^`|-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`);

/** An address as `Forwarded` writes it (RFC 7239, section 6). */
const node = (address: string) => (address.includes(":") ? `"[${address}]"` : parameter(address));

function forwardedElement(last: LastElement, peer: string, host: string, proto: string): string {
  if (last.peer !== peer || last.host !== host || last.proto !== proto) {
    Object.assign(last, { peer, host, proto, text: `for=${node(peer)};host=${parameter(host)};proto=${proto}` });
  }
  return last.text;
}

/** A prefix that becomes the beginning of addresses: segments without what URLs or cookies give a meaning of its own. */
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~!$&'()*+=:@-]+)+$/;

/** What clients see before the rest of the path: by what a trusted proxy cut, by the public address, or by this gateway alone. */
function prefixOf({ cut, publicCut, publicPath, host: publicHost }: Forwarding, host: string, theirs: string | null): string {
  const outer = theirs === null ? "" : theirs.replace(/\/$/, "");
  if (outer === "" || !PREFIX.test(outer)) return host === publicHost ? publicCut : cut;
  // The public address says the whole of it, also where the proxy replaces one path by another.
  return host === publicHost && publicPath.startsWith(outer) ? publicCut : outer + cut;
}

/**
 * Adds, in place, how the caller reached the gateway: `X-Forwarded-*`, `Forwarded` (RFC 7239) and `Via`. What the request
 * says under these names itself is believed, and carried on, only when it comes from a trusted proxy.
 * @param seen gets the prefix and the host that the backend is told
 */
export function addForwarding(
  headers: HeaderList,
  request: GatewayRequest,
  caller: CallerHeaders,
  forwarding: Forwarding,
  seen: { prefix: string; forwardedHost: string },
): void {
  const { peerAddress } = request;
  const trusted = forwarding.trusts(peerAddress);
  const proto =
    trusted && (caller.forwardedProto === "http" || caller.forwardedProto === "https") ? caller.forwardedProto : forwarding.proto;
  const host = (trusted ? caller.forwardedHost : null) || caller.host || forwarding.host;
  const element = forwardedElement(forwarding.last, peerAddress, host, proto);
  headers.push(
    "x-forwarded-for",
    trusted && caller.forwardedFor !== null ? `${caller.forwardedFor}, ${peerAddress}` : peerAddress,
    "x-forwarded-proto",
    proto,
    "x-forwarded-host",
    host,
    "forwarded",
    trusted && caller.forwarded !== null ? `${caller.forwarded}, ${element}` : element,
    "via",
    VIA,
  );
  const prefix = prefixOf(forwarding, host, trusted ? caller.forwardedPrefix : null);
  if (prefix !== "") headers.push("x-forwarded-prefix", prefix);
  seen.prefix = prefix;
  seen.forwardedHost = host;
}
