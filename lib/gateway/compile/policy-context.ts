import { sendRequest } from "@/lib/http-client/send-request";
import type { PolicyContext, PolicyCounters, PolicyFetch } from "../policies/contract";
import type { LocalCounters } from "../policies/local-counters";
import type { GatewayPorts } from "../ports";
import { type Connections, connect } from "../upstream/connections";
import type { Lease } from "../upstream/leases";

const TIMEOUT_MS = 5000;
const MAX_BYTES = 1_048_576;
/** More servers than this are no configuration: something of a request is in the URL. */
const ORIGINS_MAX = 100;

/** What the policies of one API call, and how their connections are given back. */
export interface PolicyConnections {
  fetch: PolicyFetch;
  release(): void;
}

/** Opens connections for the policies of one API, under the rules of this gateway for where it may call. */
export function policyConnections(connections: Connections): PolicyConnections {
  const leases = new Map<string, Lease<Parameters<typeof sendRequest>[0]>>();
  const dispatcherFor = (origin: string, timeoutMs: number, ca: string | undefined) => {
    const key = `${origin} ${timeoutMs} ${ca ?? ""}`;
    const known = leases.get(key);
    if (known) return known.value;
    if (leases.size >= ORIGINS_MAX) throw new Error(`The steps of this API call more than ${ORIGINS_MAX} servers.`);
    const lease = connect(connections, origin, timeoutMs, { ca });
    leases.set(key, lease);
    return lease.value;
  };
  return {
    async fetch(url, { method = "GET", headers = [], body = null, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, caCertificates } = {}) {
      const { origin, pathname, search } = new URL(url);
      return sendRequest(dispatcherFor(origin, timeoutMs, caCertificates), {
        method,
        path: pathname + search,
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
        maxBytes,
      });
    },
    release() {
      for (const lease of leases.values()) lease.release();
      leases.clear();
    },
  };
}

/** Where policies count. */
interface CountersOf {
  ports: Pick<GatewayPorts, "counters">;
  counters: LocalCounters;
}

/** The counters of one policy in one API: whoever else counts under the same key counts elsewhere. */
export function policyCounters({ ports, counters }: CountersOf, apiId: string, policy: string): PolicyCounters {
  const prefix = `${apiId}:${policy}:`;
  const shared = ports.counters;
  return {
    local: { add: (key, amount, windowMs) => counters.add(prefix + key, amount, windowMs) },
    shared: shared ? { add: (key, amount, windowMs) => shared.add(prefix + key, amount, windowMs) } : null,
  };
}

/** What one policy of an API may use, but for the secrets of its step. */
export type ApiContext = Omit<PolicyContext, "secret" | "counters">;
