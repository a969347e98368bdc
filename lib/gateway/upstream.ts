import { Pool } from "undici";
import type { Endpoint } from "@/lib/definition/schema";
import { type BackendResponse, callBackend } from "./backend-call";
import type { Exchange, GatewayRequest } from "./exchange";
import type { CallerHeaders } from "./forwarding";
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

/** Takes connections to an origin. Certificates are verified; redirects are never followed. */
export function connect(connections: Connections, origin: string, connectTimeoutMs: number): Lease<Pool> {
  const timeout = Math.min(connectTimeoutMs, 10_000);
  return connections.take(`${origin} ${timeout}`, () => new Pool(origin, { connect: { timeout }, maxHeaderSize: 65_536 }));
}

/** A compiled endpoint. */
export interface Upstream {
  send(request: GatewayRequest, exchange: Exchange, caller: CallerHeaders, rest: string, query: string): Promise<BackendResponse>;
  release(): void;
}

/** Joins the path of a backend's URL and what remained below the context path. */
export function joinPaths(base: string, rest: string): string {
  if (rest === "") return base;
  return base.endsWith("/") ? base.slice(0, -1) + rest : base + rest;
}

/**
 * Compiles an endpoint. `Host` is the backend's; `x-forwarded-*` say how the caller reached the gateway, and
 * what the caller itself sent under those names has been dropped before.
 */
export function compileUpstream(endpoint: Endpoint, connections: Connections, forwardedProto: string, publicHost: string): Upstream {
  const url = new URL(endpoint.url);
  const lease = connect(connections, url.origin, endpoint.timeoutMs);
  return {
    send(request, exchange, caller, rest, query) {
      const headers = exchange.requestHeaders;
      headers.push(
        "x-forwarded-for",
        request.peerAddress,
        "x-forwarded-proto",
        forwardedProto,
        "x-forwarded-host",
        caller.host ?? publicHost,
        "x-request-id",
        exchange.requestId,
      );
      if (request.body !== null && caller.contentLength !== null) headers.push("content-length", caller.contentLength);
      return callBackend(lease.value, {
        method: request.method,
        path: joinPaths(url.pathname, rest) + query,
        headers,
        body: request.body === null ? null : new RequestBody(request.body),
        timeoutMs: endpoint.timeoutMs,
        signal: request.signal,
      });
    },
    release: lease.release,
  };
}
