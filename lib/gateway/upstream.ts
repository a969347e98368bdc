import { Pool } from "undici";
import type { Endpoint } from "@/lib/definition/schema";
import { type BackendRequest, callBackend } from "./backend-call";
import { BackendError } from "./backend-error";
import { callUpgrade, type UpgradeListener } from "./backend-upgrade";
import type { CallerHeaders } from "./caller-headers";
import { backendConnector } from "./connector";
import { Deadlines } from "./deadlines";
import type { GatewayRequest } from "./exchange";
import { addForwarding, type Forwarding } from "./forwarding";
import type { HeaderList } from "./headers";
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

/** One call as an endpoint needs it. */
export interface UpstreamCall {
  request: GatewayRequest;
  caller: CallerHeaders;
  requestId: string;
  requestHeaders: HeaderList;
  /** What remained of the path below the context path. */
  rest: string;
  query: string;
  /** The caller wants to speak WebSocket from here on. */
  upgrade: boolean;
}

/** A compiled endpoint. */
export interface Upstream {
  /** Exactly one of the listener's functions is called, once. */
  send(call: UpstreamCall, listener: UpgradeListener): void;
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

/**
 * Compiles an endpoint. `Host` is the backend's; `x-forwarded-*` say how the caller reached the gateway.
 * No more calls are under way than the endpoint has connections, and as many again wait; further ones are refused,
 * so that a slow backend takes neither the memory of the gateway nor the patience of its callers.
 */
export function compileUpstream(endpoint: Endpoint, connections: Connections, forwarding: Forwarding, callerIdleMs: number): Upstream {
  const url = new URL(endpoint.url);
  const { timeoutMs, maxConnections = MAX_CONNECTIONS, idleTimeoutMs = IDLE_TIMEOUT_MS, totalTimeoutMs = null } = endpoint;
  const lease = connect(connections, url.origin, endpoint.connectTimeoutMs ?? timeoutMs, { connections: maxConnections });
  const load = { calls: 0 };
  const deadlines = new Deadlines(timeoutMs);
  const callsMax = maxConnections * 2;
  const basePath = url.pathname;

  return {
    send(call, listener) {
      if (load.calls >= callsMax) {
        listener.onFailure(new BackendError("overloaded", `${load.calls} calls to ${url.origin} are under way or waiting.`));
        return;
      }
      const { request, caller, requestHeaders: headers } = call;
      const { body } = request;
      addForwarding(headers, request, caller, forwarding);
      headers.push("x-request-id", call.requestId);
      if (body !== null && caller.contentLength !== null) headers.push("content-length", caller.contentLength);
      const path = joinPaths(basePath, call.rest) + call.query;
      if (call.upgrade) {
        callUpgrade(url.origin, { path, headers, timeoutMs, idleTimeoutMs, totalTimeoutMs, caller: request.caller, load }, listener);
        return;
      }
      const sent: BackendRequest = {
        method: request.method,
        path,
        headers,
        body: body === null ? null : new RequestBody(body, callerIdleMs),
        deadlines,
        idleTimeoutMs,
        totalTimeoutMs,
        caller: request.caller,
        load,
      };
      callBackend(lease.value, sent, listener);
    },
    release: lease.release,
  };
}
