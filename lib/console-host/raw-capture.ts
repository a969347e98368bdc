import { randomBytes } from "node:crypto";
import diagnosticsChannel from "node:diagnostics_channel";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { PAGE_HEADER, PEER_HEADER, TARGET_HEADER } from "@/lib/client-address/private-headers";
import { foldHeaderName } from "@/lib/definition/header-names";
import { isAnswering } from "@/lib/gateway/adapters/client-errors";
import { framingProblem } from "@/lib/gateway/adapters/framing-problem";
import { leaveWithConnection } from "@/lib/gateway/adapters/leave-with-connection";
import { originForm } from "@/lib/gateway/adapters/origin-form";
import { peerAddressOf } from "@/lib/gateway/adapters/peer-address";
import { pauseWhenPipelined } from "@/lib/gateway/adapters/pipelined";
import { Caller } from "@/lib/gateway/http/caller";

/** Private header with the ID of the raw request, for route handlers. Removed from clients' requests. */
export const CAPTURE_HEADER = "x-gatewright-capture";

/** A raw request, before the framework changed it. */
export interface CapturedRequest {
  method: string;
  target: string;
  rawHeaders: readonly string[];
  peerAddress: string;
  framingProblem: string | null;
  incoming: IncomingMessage;
  /** The raw response. */
  outgoing: ServerResponse;
  /** Notified if the client disconnects before the response is complete. */
  caller: Caller;
}

/** A mount point: targets under `prefix` reach the framework as a GET of `path`. */
export interface CapturedPrefix {
  prefix: string;
  path: string;
}

/** Captured mount points: the embedded gateway, its protected-resource metadata, and the authorization servers. */
const CONSOLE_PREFIXES: readonly CapturedPrefix[] = [
  { prefix: "/oauth2", path: "/captured-authorization-server" },
  { prefix: "/am", path: "/captured-authorization-server" },
  { prefix: "/gateway", path: "/embedded-gateway" },
  { prefix: "/.well-known/oauth-protected-resource", path: "/.well-known/oauth-protected-resource/gateway" },
];

/** Headers that Next or its proxies interpret. Backends still receive them as the client sent them. */
const FRAMEWORK_HEADER = /^(?:rsc$|next-|x-next|x-middleware-|x-invoke-|x-matched-path$|x-now-|x-vercel-|x-prerender-)/;

/** Headers that Next's own client sends to pages. Others are removed: `x-middleware-prefetch` would empty a response. */
const PAGE_FRAMEWORK_HEADER = /^(?:rsc$|next-router-|next-url$|next-hmr-refresh$)/;

/** Paths without pages, where Next would redirect a request with `RSC: 1`, even a POST. */
const ROUTE_PREFIXES = ["/api", "/healthz", "/readyz", "/metrics", "/samples", "/.well-known"];

/** Next's internal error page, which returns 500 if requested directly. */
const FAILURE_PAGE = "/_global-error";
const NO_PAGE = "/_not-found";

const CAPTURES = Symbol.for("gatewright.captures");
const PAGES = Symbol.for("gatewright.captures.pages");
const SUBSCRIBED = Symbol.for("gatewright.captures.subscribed");
type Holder = typeof globalThis & {
  [CAPTURES]?: Map<string, CapturedRequest>;
  [PAGES]?: Map<string, ServerResponse>;
  [SUBSCRIBED]?: true;
};

/** Process-wide, because instrumentation and route handlers load separate instances of this module. */
function captures(): Map<string, CapturedRequest> {
  const holder = globalThis as Holder;
  holder[CAPTURES] ??= new Map();
  return holder[CAPTURES];
}

/** Responses of pages; process-wide like {@link captures}. */
function pages(): Map<string, ServerResponse> {
  const holder = globalThis as Holder;
  holder[PAGES] ??= new Map();
  return holder[PAGES];
}

/** Returns a page's raw response by the ID in {@link PAGE_HEADER}; undefined if requests aren't captured. */
export const pageResponse = (id: string | null): ServerResponse | undefined => (id === null ? undefined : pages().get(id));

/** Returns whether requests are captured in this process. */
export const isCapturing = (): boolean => (globalThis as Holder)[SUBSCRIBED] === true;

/** Returns a raw request by the ID in {@link CAPTURE_HEADER}; undefined if requests aren't captured. */
export function capturedRequest(id: string | null): CapturedRequest | undefined {
  return id === null ? undefined : captures().get(id);
}

const isUnder = (target: string, prefix: string) => target.startsWith(prefix) && ["", "/", "?"].includes(target.charAt(prefix.length));

/** Returns the path as the framework resolves it: without dot segments and backslashes. */
const resolvedPath = (target: string) => (URL.canParse(target, "http://host") ? new URL(target, "http://host").pathname : target);

/** Converts targets on which the framework fails, `*` and invalid UTF-8 escapes, to paths that return 404. */
function readable(target: string): string {
  const query = target.includes("?") ? target.slice(target.indexOf("?")) : "";
  const path = target.slice(0, target.length - query.length);
  if (!path.startsWith("/")) return `/${path}${query}`;
  try {
    decodeURIComponent(path);
    return target;
  } catch {
    return path.replaceAll("%", "%25") + query;
  }
}

function dropHeaders(incoming: IncomingMessage, isDropped: (lowerName: string) => boolean): void {
  for (const name of Object.keys(incoming.headers)) if (isDropped(name)) delete incoming.headers[name];
  const { rawHeaders } = incoming;
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (isDropped((rawHeaders[index] ?? "").toLowerCase())) rawHeaders.splice(index, 2);
  }
}

function setHeader(incoming: IncomingMessage, name: string, value: string): void {
  incoming.headers[name] = value;
  incoming.rawHeaders.push(name, value);
}

/** Compares names with punctuation folded, because servers may fold it. */
const isPrivate = (lowerName: string) => {
  const folded = foldHeaderName(lowerName);
  return folded === PEER_HEADER || folded === TARGET_HEADER || folded === CAPTURE_HEADER || folded === PAGE_HEADER;
};

/** Prepares an uncaptured request for the framework. @param page path of the page; null for a route */
function passToFramework(incoming: IncomingMessage, outgoing: ServerResponse, target: string, page: string | null): void {
  // Pages redirect to this target after sign-in. Targets with other characters can't be header values.
  if (/^[\x21-\x7e]{1,2048}$/.test(target)) setHeader(incoming, TARGET_HEADER, target);
  if (page !== null) {
    // Without it, the framework would treat a form as a server action and log an error.
    dropHeaders(incoming, (name) => name === "content-type");
    const id = randomBytes(16).toString("hex");
    pages().set(id, outgoing);
    outgoing.on("close", () => pages().delete(id));
    setHeader(incoming, PAGE_HEADER, id);
  }
  incoming.url = page !== null && isUnder(page, FAILURE_PAGE) ? NO_PAGE : readable(target);
  // The framework returns 500 for TRACE, but 400 for unknown methods.
  if (incoming.method === "TRACE") incoming.method = "PROPFIND";
}

function capture(incoming: IncomingMessage, outgoing: ServerResponse, prefixes: readonly CapturedPrefix[]): void {
  const peerAddress = peerAddressOf(incoming);
  const problem = framingProblem(incoming, outgoing);
  const target = originForm(incoming.url ?? "");
  const path = resolvedPath(target);
  const mount = prefixes.find(({ prefix }) => isUnder(target, prefix) || isUnder(path, prefix));
  const isRoute = mount !== undefined || ROUTE_PREFIXES.some((prefix) => isUnder(path, prefix));
  const rawHeaders = mount ? [...incoming.rawHeaders] : [];
  dropHeaders(incoming, (name) => isPrivate(name) || (FRAMEWORK_HEADER.test(name) && (isRoute || !PAGE_FRAMEWORK_HEADER.test(name))));
  setHeader(incoming, PEER_HEADER, peerAddress);
  if (!mount) {
    passToFramework(incoming, outgoing, target, isRoute ? null : path);
    return;
  }
  const id = randomBytes(16).toString("hex");
  const caller = new Caller();
  captures().set(id, {
    method: incoming.method ?? "GET",
    target,
    rawHeaders,
    peerAddress,
    framingProblem: problem,
    incoming,
    outgoing,
    caller,
  });
  outgoing.on("close", () => captures().delete(id));
  leaveWithConnection(caller, incoming, outgoing);
  setHeader(incoming, CAPTURE_HEADER, id);
  // Otherwise, the framework would compress the backend's response.
  dropHeaders(incoming, (name) => name === "accept-encoding");
  // A fixed GET: nothing for the framework to redirect, reject or read.
  incoming.url = mount.path;
  incoming.method = "GET";
}

/**
 * Captures raw requests under the given prefixes and passes the framework a plain GET in their place; other requests get the
 * peer's address in `PEER_HEADER`. Next would redirect `//`, fail on some escapes and methods, interpret its own headers, and
 * join repeated ones. Calling it again has no effect.
 * @param ignoreUpgrades ignores `Upgrade` (RFC 9110, 7.8): in production, Next would close connections that offer HTTP/2
 * @returns a function that stops capturing, for tests
 */
export function captureRawRequests(prefixes: readonly CapturedPrefix[] = CONSOLE_PREFIXES, ignoreUpgrades = false): () => void {
  const holder = globalThis as Holder;
  if (holder[SUBSCRIBED]) return () => undefined;
  holder[SUBSCRIBED] = true;
  const listener = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    // Its response is queued behind the current one.
    if (isAnswering(request.socket)) pauseWhenPipelined(request.socket, response);
    capture(request, response, prefixes);
  };
  // Before the first request is read: no other channel reports requests with Upgrade.
  const onConnection = (message: unknown) => {
    const { socket } = message as { socket: { server?: unknown } };
    if (ignoreUpgrades && socket.server instanceof Server) socket.server.removeAllListeners("upgrade");
  };
  diagnosticsChannel.subscribe("http.server.request.start", listener);
  diagnosticsChannel.subscribe("net.server.socket", onConnection);
  return () => {
    diagnosticsChannel.unsubscribe("http.server.request.start", listener);
    diagnosticsChannel.unsubscribe("net.server.socket", onConnection);
    delete holder[SUBSCRIBED];
  };
}
