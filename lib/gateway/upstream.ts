import { Pool } from "undici";
import type { Endpoint } from "@/lib/definition/schema";
import { BackendError, type BackendResponse, callBackend } from "./backend-call";
import { type BackendUpgrade, callUpgrade } from "./backend-upgrade";
import type { CallerHeaders } from "./caller-headers";
import { backendConnector } from "./connector";
import type { Exchange, GatewayRequest } from "./exchange";
import { addForwarding, type Forwarding } from "./forwarding";
import { type Lease, LeasePool } from "./leases";
import { RequestBody } from "./request-body";

/** Connections by origin, shared by every API and authorization server of one gateway. */
export type Connections = LeasePool<Pool>;

/** The connections of one gateway. What is no longer used closes once its last call has ended. */
export function createConnections(): Connections {
  return new LeasePool<Pool>((pool) => {
    pool.close().catch(() => undefined);
  });
}

/** What sets connections to one origin apart from others to it. */
export interface ConnectOptions {
  /** How many connections there are at most; without it, as many as there are calls. */
  connections?: number | undefined;
  /** Certificates (PEM) that are trusted instead of the public authorities'. */
  ca?: string | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Takes connections to an origin. Certificates are verified; redirects are never followed. */
export function connect(
  connections: Connections,
  origin: string,
  connectTimeoutMs: number,
  { connections: limit, ca }: ConnectOptions = {},
): Lease<Pool> {
  const timeout = Math.min(connectTimeoutMs, CONNECT_TIMEOUT_MS);
  return connections.take(
    JSON.stringify([origin, timeout, limit, ca]),
    () =>
      new Pool(origin, {
        // Written down, because otherwise NODE_TLS_REJECT_UNAUTHORIZED in the environment would decide it.
        connect: backendConnector({ timeout, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) }),
        maxHeaderSize: 65_536,
        ...(limit === undefined ? {} : { connections: limit }),
      }),
  );
}

/** A compiled endpoint. */
export interface Upstream {
  /** @throws BackendError when no answer begins */
  send(request: GatewayRequest, exchange: Exchange, caller: CallerHeaders, rest: string, query: string): Promise<BackendResponse>;
  /** The same for a request to speak another protocol: the connection itself is the answer, or an answer that refuses it. */
  upgrade(
    request: GatewayRequest,
    exchange: Exchange,
    caller: CallerHeaders,
    rest: string,
    query: string,
  ): Promise<BackendUpgrade | BackendResponse>;
  release(): void;
}

/** Joins the path of a backend's URL and what remained below the context path. */
export function joinPaths(base: string, rest: string): string {
  if (rest === "") return base;
  return base.endsWith("/") ? base.slice(0, -1) + rest : base + rest;
}

/** What an endpoint that says nothing of it gets. */
const MAX_CONNECTIONS = 500;
const IDLE_TIMEOUT_MS = 300_000;
/** A caller that pauses in the middle of its body for this long is dropped. */
const CALLER_IDLE_MS = 30_000;

/**
 * Compiles an endpoint. `Host` is the backend's; `x-forwarded-*` say how the caller reached the gateway.
 * No more calls are under way than the endpoint has connections, and as many again wait; further ones are refused,
 * so that a slow backend takes neither the memory of the gateway nor the patience of its callers.
 */
export function compileUpstream(endpoint: Endpoint, connections: Connections, forwarding: Forwarding): Upstream {
  const url = new URL(endpoint.url);
  const { timeoutMs, maxConnections = MAX_CONNECTIONS, idleTimeoutMs = IDLE_TIMEOUT_MS, totalTimeoutMs = null } = endpoint;
  const lease = connect(connections, url.origin, endpoint.connectTimeoutMs ?? timeoutMs, { connections: maxConnections });
  const load = { calls: 0 };
  const callsMax = maxConnections * 2;
  const basePath = url.pathname;

  const prepare = (request: GatewayRequest, exchange: Exchange, caller: CallerHeaders) => {
    if (load.calls >= callsMax) throw new BackendError("overloaded", `${load.calls} calls to ${url.origin} are under way or waiting.`);
    const headers = exchange.requestHeaders;
    addForwarding(headers, request, caller, forwarding);
    headers.push("x-request-id", exchange.requestId);
    return headers;
  };

  return {
    send(request, exchange, caller, rest, query) {
      const headers = prepare(request, exchange, caller);
      const { body } = request;
      if (body !== null && caller.contentLength !== null) headers.push("content-length", caller.contentLength);
      return callBackend(lease.value, {
        method: request.method,
        path: joinPaths(basePath, rest) + query,
        headers,
        body: body === null ? null : new RequestBody(body, CALLER_IDLE_MS),
        timeoutMs,
        idleTimeoutMs,
        totalTimeoutMs,
        caller: request.caller,
        load,
      });
    },
    upgrade(request, exchange, caller, rest, query) {
      const headers = prepare(request, exchange, caller);
      return callUpgrade(url.origin, {
        path: joinPaths(basePath, rest) + query,
        headers,
        protocol: caller.upgrade ?? "",
        timeoutMs,
        caller: request.caller,
        load,
      });
    },
    release: lease.release,
  };
}
