import { randomBytes } from "node:crypto";
import diagnosticsChannel from "node:diagnostics_channel";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { foldHeaderName } from "@/lib/definition/header-names";
import { isAnswering } from "@/lib/gateway/adapters/client-errors";
import { framingProblem } from "@/lib/gateway/adapters/framing-problem";
import { leaveWithConnection } from "@/lib/gateway/adapters/leave-with-connection";
import { originForm } from "@/lib/gateway/adapters/origin-form";
import { peerAddressOf } from "@/lib/gateway/adapters/peer-address";
import { pauseWhenPipelined } from "@/lib/gateway/adapters/pipelined";
import { Caller } from "@/lib/gateway/http/caller";

/** The header that carries the true address of the peer to the console's own routes; callers cannot send it. */
export const PEER_HEADER = "x-gatewright-peer";

/** The header that carries the target of a console's page to the page; callers cannot send it. */
export const TARGET_HEADER = "x-gatewright-target";

/** The header that leads a route handler to the raw request; callers cannot send it. */
export const CAPTURE_HEADER = "x-gatewright-capture";

/** The header that leads a console's page to its response; callers cannot send it. */
export const PAGE_HEADER = "x-gatewright-page";

/** A request as it stood on the wire, before a framework touched it. */
export interface CapturedRequest {
  method: string;
  target: string;
  rawHeaders: readonly string[];
  peerAddress: string;
  framingProblem: string | null;
  incoming: IncomingMessage;
  /** Where the answer goes. */
  outgoing: ServerResponse;
  /** Told when the caller goes away before it has the whole answer. */
  caller: Caller;
}

/** A mount point: targets under `prefix` reach the framework as a GET of `path`. */
export interface CapturedPrefix {
  prefix: string;
  path: string;
}

/** What the console captures: the embedded gateway, its protected-resource metadata, and the authorization servers. */
const CONSOLE_PREFIXES: readonly CapturedPrefix[] = [
  { prefix: "/oauth2", path: "/captured-authorization-server" },
  { prefix: "/am", path: "/captured-authorization-server" },
  { prefix: "/gateway", path: "/embedded-gateway" },
  { prefix: "/.well-known/oauth-protected-resource", path: "/.well-known/oauth-protected-resource/gateway" },
];

/** What Next, or a proxy in front of it, gives a meaning of its own. The backend still gets these as the caller sent them. */
const FRAMEWORK_HEADER = /^(?:rsc$|next-|x-next|x-middleware-|x-invoke-|x-matched-path$|x-now-|x-vercel-|x-prerender-)/;

/** What Next's own client sends for parts of a page. Anything else would be a stranger's: `x-middleware-prefetch` empties a response. */
const PAGE_FRAMEWORK_HEADER = /^(?:rsc$|next-router-|next-url$|next-hmr-refresh$)/;

/** Where no pages are: Next would answer `RSC: 1` with a redirect there, to a POST too. */
const ROUTE_PREFIXES = ["/api", "/healthz", "/readyz", "/metrics", "/samples", "/.well-known"];

/** The framework's own page for its own failures: asked for by name, it is a 500. */
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

/** Instrumentation and route handlers each have their own instance of this module, so the map is the process's. */
function captures(): Map<string, CapturedRequest> {
  const holder = globalThis as Holder;
  holder[CAPTURES] ??= new Map();
  return holder[CAPTURES];
}

/** The responses of pages, likewise. */
function pages(): Map<string, ServerResponse> {
  const holder = globalThis as Holder;
  holder[PAGES] ??= new Map();
  return holder[PAGES];
}

/** The response that a page is written to, by the id in {@link PAGE_HEADER}; undefined where requests are not captured. */
export const pageResponse = (id: string | null): ServerResponse | undefined => (id === null ? undefined : pages().get(id));

/** Whether every request that comes over the network is captured. */
export const isCapturing = (): boolean => (globalThis as Holder)[SUBSCRIBED] === true;

/** The raw request behind a capture id, or undefined where requests are not captured. */
export function capturedRequest(id: string | null): CapturedRequest | undefined {
  return id === null ? undefined : captures().get(id);
}

const isUnder = (target: string, prefix: string) => target.startsWith(prefix) && ["", "/", "?"].includes(target.charAt(prefix.length));

/** The path that the framework takes a target for: it resolves dot segments and turns backslashes. */
const resolvedPath = (target: string) => (URL.canParse(target, "http://host") ? new URL(target, "http://host").pathname : target);

/** A target that the framework can read. It fails on `*` and on escapes that are no UTF-8, so those become paths that lead nowhere. */
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

/** Servers fold punctuation in names, and so might whoever reads these. */
const isPrivate = (lowerName: string) => {
  const folded = foldHeaderName(lowerName);
  return folded === PEER_HEADER || folded === TARGET_HEADER || folded === CAPTURE_HEADER || folded === PAGE_HEADER;
};

/** Hands the framework a request that is not captured. @param page the path of a page, null when it is for a route */
function passToFramework(incoming: IncomingMessage, outgoing: ServerResponse, target: string, page: string | null): void {
  // Only what a header may hold: a page needs no other to find back here after sign-in.
  if (/^[\x21-\x7e]{1,2048}$/.test(target)) setHeader(incoming, TARGET_HEADER, target);
  if (page !== null) {
    // Pages read no form: the framework would take one for a server action, and log what it doesn't understand of it.
    dropHeaders(incoming, (name) => name === "content-type");
    const id = randomBytes(16).toString("hex");
    pages().set(id, outgoing);
    outgoing.on("close", () => pages().delete(id));
    setHeader(incoming, PAGE_HEADER, id);
  }
  incoming.url = page !== null && isUnder(page, FAILURE_PAGE) ? NO_PAGE : readable(target);
  // The framework fails on TRACE with a 500, and answers 400 to a method that it doesn't know.
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
  // The framework would compress what the backend did not.
  dropHeaders(incoming, (name) => name === "accept-encoding");
  // One path and one method, so that the framework has nothing to redirect, to refuse or to read of the body.
  incoming.url = mount.path;
  incoming.method = "GET";
}

/**
 * Keeps, from now on, what stood on the wire for requests under the given prefixes, and hands the framework a harmless
 * request that leads back to it. Without this, Next redirects `//`, fails on some escapes and methods, acts on its own
 * headers, and joins or drops repeated ones. Every other request gets the peer's true address in `PEER_HEADER`.
 * With `ignoreUpgrades`, a wish to speak another protocol is ignored (RFC 9110, section 7.8); the framework, which
 * speaks none in production, would close the connections of clients that ask for HTTP/2 this way.
 * Calling it again does nothing. Returns a function that ends it, for tests.
 */
export function captureRawRequests(prefixes: readonly CapturedPrefix[] = CONSOLE_PREFIXES, ignoreUpgrades = false): () => void {
  const holder = globalThis as Holder;
  if (holder[SUBSCRIBED]) return () => undefined;
  holder[SUBSCRIBED] = true;
  const listener = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    // Its response will wait behind the one that is being written.
    if (isAnswering(request.socket)) pauseWhenPipelined(request.socket, response);
    capture(request, response, prefixes);
  };
  // Before anything is read of a connection: a request that asks for another protocol comes to no other channel.
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
