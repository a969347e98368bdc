import type { Readable } from "node:stream";
import type { Endpoint } from "@/lib/definition/schema";
import { compileAddressMap } from "../http/address-map";
import { awaitBody } from "../http/await-body";
import { addForwarding, type Forwarding } from "../http/forwarding";
import type { HeaderList } from "../http/headers";
import { type BodyPatience, RequestBody } from "../http/request-body";
import { clientOf, Uploads } from "../http/uploads";
import { callBackend } from "./backend-call";
import { BackendError } from "./backend-error";
import { callUpgrade, type UpgradeListener } from "./backend-upgrade";
import { CONNECT_TIMEOUT_MS, type Connections, type ConnectOptions, connect, connectorOptions } from "./connections";
import type { CallListener, Upstream, UpstreamCall } from "./contract";
import { Deadlines } from "./deadlines";
import { Load } from "./load";
import { callSecured, type SecuredEndpoint, type Sending } from "./secured-call";
import { turnstileOf } from "./turnstile";

/** Joins the path of a backend's URL and what remained below the context path. */
export function joinPaths(base: string, rest: string): string {
  if (rest === "") return base;
  return base.endsWith("/") ? base.slice(0, -1) + rest : base + rest;
}

/**
 * Whether a body could be taken for the next request: servers that expect none with this method leave it unread on the
 * connection (RFC 9110, sections 9.3.1 and 9.3.5).
 */
const mayStayUnread = (method: string) => method !== "POST" && method !== "PUT" && method !== "PATCH" && method !== "QUERY";

/** What an endpoint that says nothing of it gets. */
export const MAX_CONNECTIONS = 500;
const IDLE_TIMEOUT_MS = 300_000;

/**
 * Compiles an endpoint. `Host` is the backend's; `x-forwarded-*` say how the caller reached the gateway.
 * No more calls are under way than the endpoint has connections, and as many again wait; further ones are refused,
 * so that a slow backend takes neither the memory of the gateway nor the patience of its callers. While others wait, no client has
 * more than half of these places.
 */
export function compileUpstream(
  endpoint: Endpoint,
  connections: Connections,
  forwarding: Forwarding,
  patience: BodyPatience,
  secured: SecuredEndpoint | null,
  tls: Pick<ConnectOptions, "ca" | "identity">,
): Upstream {
  const url = new URL(endpoint.url);
  const { timeoutMs, maxConnections = MAX_CONNECTIONS, idleTimeoutMs = IDLE_TIMEOUT_MS, totalTimeoutMs = null } = endpoint;
  const connectTimeoutMs = endpoint.connectTimeoutMs ?? Math.min(timeoutMs, CONNECT_TIMEOUT_MS);
  const lease = connect(connections, url.origin, connectTimeoutMs, { connections: maxConnections, ...tls });
  const connector = connections.outbound.connector(connectorOptions(connectTimeoutMs, tls));
  const load = new Load(maxConnections * 2);
  const turnstile = turnstileOf(lease.value, maxConnections, forwarding.displaceAfterMs);
  const deadlines = new Deadlines(timeoutMs);
  const basePath = url.pathname;
  // Half of the connections, so that no client's slow uploads leave none for the others.
  const uploads = new Uploads(Math.max(1, Math.floor(maxConnections / 2)));

  const nameOf = (call: UpstreamCall) => () => clientOf(call.request.peerAddress, call.caller, forwarding.trusts);

  const refuses = (call: UpstreamCall, listener: CallListener): boolean => {
    if (!load.isFull || load.makesRoom(nameOf(call))) return false;
    listener.onFailure(new BackendError("overloaded", `${load.calls} calls to ${url.origin} are under way or waiting.`));
    return true;
  };

  /** Sends a call once, with the headers that it is given. */
  const sendOnce = (
    call: UpstreamCall,
    path: string,
    headers: HeaderList,
    body: Readable | null,
    totalMs: number | null,
    listener: UpgradeListener,
  ) => {
    const { method, caller } = call.request;
    const client = nameOf(call);
    const common = { path, headers, idleTimeoutMs, totalTimeoutMs: totalMs, caller, load, client };
    if (call.upgrade) {
      callUpgrade(url.origin, { ...common, timeoutMs, connector }, listener);
      return;
    }
    const surplus = body instanceof RequestBody ? uploads.take(body, client) : null;
    if (surplus !== null) {
      body?.destroy();
      listener.onFailure(surplus);
      return;
    }
    const closes = body !== null && mayStayUnread(method);
    callBackend(lease.value, { ...common, method, body, closes, deadlines, turnstile }, listener);
  };

  /** Sends a call once enough of its body is there. */
  const sendWithBody = (call: UpstreamCall, path: string, headers: HeaderList, body: RequestBody, listener: UpgradeListener) => {
    const since = performance.now();
    awaitBody(body, call, (error) => {
      call.sentAt = performance.now();
      const totalMs = totalTimeoutMs === null ? null : Math.max(1, totalTimeoutMs - (call.sentAt - since));
      if (error !== null) listener.onFailure(error);
      else if (refuses(call, listener)) body.destroy();
      else sendOnce(call, path, headers, body, totalMs, listener);
    });
  };

  return {
    addresses: compileAddressMap(endpoint.url),
    send(call, listener) {
      if (refuses(call, listener)) return;
      const { request, caller, requestHeaders: headers } = call;
      const { body } = request;
      addForwarding(headers, request, caller, forwarding, call);
      headers.push("x-request-id", call.requestId);
      if (body !== null && caller.contentLength !== null) headers.push("content-length", caller.contentLength);
      const path = joinPaths(basePath, call.rest) + call.query;
      if (secured !== null) {
        const sending: Sending = (sentHeaders, sentBody, totalMs, sentBy) => {
          // Many may have waited for the same credentials.
          if (refuses(call, sentBy)) sentBody?.destroy();
          else sendOnce(call, path, sentHeaders, sentBody, totalMs, sentBy);
        };
        callSecured(secured, call, path, headers, sending, listener);
        return;
      }
      if (body !== null && !call.upgrade) {
        sendWithBody(call, path, headers, new RequestBody(body, patience), listener);
        return;
      }
      call.sentAt = performance.now();
      sendOnce(call, path, headers, null, totalTimeoutMs, listener);
    },
    release() {
      // What waits for a token is let go before the connections are.
      secured?.authorizer.release();
      lease.release();
    },
  };
}
