import { hash } from "node:crypto";
import { Pool } from "undici";
import { BACKEND_HEADER_BYTES_MAX } from "./backend-upgrade";
import { backendConnector } from "./connector";
import { type Lease, LeasePool } from "./leases";
import type { ConnectorOptions, Outbound } from "./outbound";

/** Connections by origin, shared by every API and authorization server of one gateway. */
export interface Connections extends Pick<LeasePool<Pool>, "take" | "size"> {
  readonly outbound: Outbound;
}

/** The connections of one gateway. What is no longer used closes once its last call has ended. */
export function createConnections(outbound: Outbound): Connections {
  const pools = new LeasePool<Pool>((pool) => {
    pool.close().catch(() => undefined);
  });
  return Object.assign(pools, { outbound });
}

/** What sets connections to one origin apart from others to it. */
export interface ConnectOptions {
  /** How many connections there are at most; without it, as many as there are calls. */
  connections?: number | undefined;
  /** Certificates (PEM) that are trusted instead of the public authorities'. */
  ca?: string | undefined;
  /** With what the gateway identifies itself: a certificate and its key, both in PEM. */
  identity?: { certificate: string; key: string } | undefined;
}

/** Applies to what has no connect timeout of its own, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

export function connectorOptions(connectTimeoutMs: number, { ca, identity }: ConnectOptions): ConnectorOptions {
  return {
    timeout: connectTimeoutMs,
    ...(ca === undefined ? {} : { ca }),
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
  };
}

/** Takes connections to an origin. Certificates are verified; redirects are never followed. */
export function connect(connections: Connections, origin: string, connectTimeoutMs: number, options: ConnectOptions = {}): Lease<Pool> {
  const limit = options.connections;
  const how = connectorOptions(connectTimeoutMs, options);
  return connections.take(
    // A hash, so that no key of a certificate stands in the name of anything.
    hash("sha256", JSON.stringify([origin, limit, how]), "base64"),
    () =>
      new Pool(origin, {
        connect: backendConnector(connections.outbound, how),
        maxHeaderSize: BACKEND_HEADER_BYTES_MAX,
        ...(limit === undefined ? {} : { connections: limit }),
      }),
  );
}
