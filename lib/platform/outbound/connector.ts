import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { buildConnector } from "undici";
import { type AddressGuard, addressGuard, type OutboundRules } from "./guard";
import { bypassesProxy, type OutboundProxy, openTunnel } from "./proxy";

/** The outbound rules and proxy of the environment. */
export interface OutboundSettings extends OutboundRules {
  /** Null: direct connections. */
  proxy: OutboundProxy | null;
  /** Patterns of hosts that bypass the proxy. */
  noProxy: readonly string[];
}

/** Resolves all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** Connection options of one client. Certificates are always verified. */
export interface ConnectorOptions extends Pick<ConnectionOptions, "ca" | "cert" | "key"> {
  /** Connection timeout in milliseconds. */
  timeout: number;
}

/** Opens a process's outbound connections. */
export interface Outbound {
  /** Creates a connector for undici. */
  connector(options: ConnectorOptions): buildConnector.connector;
  /** Why the rules block a URL's host before its name is resolved; null when they don't. */
  hostProblem(hostname: string): string | null;
}

/** The outbound rules block this address. The message is for the log. */
export class OutboundRefused extends Error {
  override name = "OutboundRefused";
  readonly code = "OUTBOUND_REFUSED";
}

/** Resolves names for the connection itself, so the checked address is the connected one. Every address must be allowed. */
const guardedLookup =
  (guard: AddressGuard, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, "", 0);
      const [first] = addresses;
      if (!first) return callback(new OutboundRefused(`${hostname} has no address`), "", 0);
      for (const { address } of addresses) {
        const problem = guard.addressProblem(hostname, address);
        if (problem !== null) return callback(new OutboundRefused(problem), "", 0);
      }
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };

/**
 * Creates a process's outbound connections: blocked addresses are rejected after name resolution, and the configured proxy is used.
 * Variables such as `HTTPS_PROXY` are ignored.
 */
export function createOutbound(settings: OutboundSettings, resolve: Resolve = dnsLookup): Outbound {
  const guard = addressGuard(settings);
  const lookup = guardedLookup(guard, resolve);
  const proxyFor = (host: string) => (settings.proxy === null || bypassesProxy(host, settings.noProxy) ? null : settings.proxy);

  return {
    hostProblem: guard.hostProblem,
    connector({ timeout, ...tls }) {
      // Explicit, because otherwise NODE_TLS_REJECT_UNAUTHORIZED would apply.
      const connect = buildConnector({ ...tls, rejectUnauthorized: true, timeout, lookup });
      const open: buildConnector.connector = (target, callback) => {
        try {
          connect(target, callback);
        } catch (error) {
          // OpenSSL throws for certificates and keys that it considers too weak.
          setImmediate(() => callback(error instanceof Error ? error : new Error(String(error)), null));
        }
      };
      return (target, callback) => {
        const host = target.hostname.replace(/^\[|\]$/g, "");
        const proxy = proxyFor(host);
        const problem = proxy === null ? guard.hostProblem(host) : guard.unresolvedProblem(host);
        if (problem !== null) {
          // Asynchronous, because undici would retry synchronously.
          setImmediate(() => callback(new OutboundRefused(problem), null));
          return;
        }
        if (proxy === null) {
          open(target, callback);
          return;
        }
        const port = target.port || (target.protocol === "https:" ? "443" : "80");
        openTunnel(proxy, `${isIP(host) === 6 ? `[${host}]` : host}:${port}`, timeout, (error, socket) => {
          if (socket === null) callback(error ?? new OutboundRefused("The proxy returned no connection."), null);
          else if (target.protocol === "https:") open({ ...target, httpSocket: socket }, callback);
          else callback(null, socket);
        });
      };
    },
  };
}
