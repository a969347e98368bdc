import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { buildConnector } from "undici";
import { type AddressGuard, addressGuard, type OutboundRules } from "./guard";
import { bypassesProxy, type OutboundProxy, openTunnel } from "./proxy";

/** Where and how this process may call, as the environment has it. */
export interface OutboundSettings extends OutboundRules {
  /** Null to call directly. */
  proxy: OutboundProxy | null;
  /** Patterns of the hosts that are called without the proxy. */
  noProxy: readonly string[];
}

/** Finds all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** What sets one client's connections apart. Certificates are verified in any case. */
export interface ConnectorOptions extends Pick<ConnectionOptions, "ca" | "cert" | "key"> {
  /** Milliseconds until the connection has to stand. */
  timeout: number;
}

/** How a process opens connections. */
export interface Outbound {
  /** Opens connections as undici's clients ask for them. */
  connector(options: ConnectorOptions): buildConnector.connector;
  /** Why nothing is called at the host of a URL, as far as the URL tells; null when it may be. In words for people. */
  hostProblem(hostname: string): string | null;
}

/** Nothing is called at this address. The message is for the log. */
export class OutboundRefused extends Error {
  override name = "OutboundRefused";
  readonly code = "OUTBOUND_REFUSED";
}

/** Looks names up for the connection itself, so that what is checked is what is connected to. Each address of a name has to be good. */
const guardedLookup =
  (guard: AddressGuard, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, "", 0);
      const [first] = addresses;
      if (!first) return callback(new OutboundRefused(`${hostname} is at no address`), "", 0);
      for (const { address } of addresses) {
        const problem = guard.addressProblem(hostname, address);
        if (problem !== null) return callback(new OutboundRefused(problem), "", 0);
      }
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };

/**
 * Makes what opens the connections of a process: never to an address that the rules forbid, whatever a name resolves to, and
 * through the proxy where there is one. No variable of the environment such as `HTTPS_PROXY` has a say in it.
 */
export function createOutbound(settings: OutboundSettings, resolve: Resolve = dnsLookup): Outbound {
  const guard = addressGuard(settings);
  const lookup = guardedLookup(guard, resolve);
  const proxyFor = (host: string) => (settings.proxy === null || bypassesProxy(host, settings.noProxy) ? null : settings.proxy);

  return {
    hostProblem: guard.hostProblem,
    connector({ timeout, ...tls }) {
      // Written down, because otherwise NODE_TLS_REJECT_UNAUTHORIZED in the environment would decide it.
      const connect = buildConnector({ ...tls, rejectUnauthorized: true, timeout, lookup });
      const open: buildConnector.connector = (target, callback) => {
        try {
          connect(target, callback);
        } catch (error) {
          // OpenSSL refuses certificates and keys that can be read, for example because they are too weak.
          setImmediate(() => callback(error instanceof Error ? error : new Error(String(error)), null));
        }
      };
      return (target, callback) => {
        const host = target.hostname.replace(/^\[|\]$/g, "");
        const proxy = proxyFor(host);
        const problem = proxy === null ? guard.hostProblem(host) : guard.unresolvedProblem(host);
        if (problem !== null) {
          // Later, as every failure of a connection: undici asks again in the same breath otherwise.
          setImmediate(() => callback(new OutboundRefused(problem), null));
          return;
        }
        if (proxy === null) {
          open(target, callback);
          return;
        }
        const port = target.port || (target.protocol === "https:" ? "443" : "80");
        openTunnel(proxy, `${isIP(host) === 6 ? `[${host}]` : host}:${port}`, timeout, (error, socket) => {
          if (socket === null) callback(error ?? new OutboundRefused("The proxy gave no connection."), null);
          else if (target.protocol === "https:") open({ ...target, httpSocket: socket }, callback);
          else callback(null, socket);
        });
      };
    },
  };
}
