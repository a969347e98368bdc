import { sendRequest } from "@/lib/http-client/send-request";
import type { PolicyContext, PolicyCounters, PolicyFetch } from "../policies/contract";
import type { LocalCounters } from "../policies/local-counters";
import type { GatewayPorts } from "../ports";
import { type Connections, connect } from "../upstream/connections";
import type { Lease } from "../upstream/leases";

const TIMEOUT_MS = 5000;
const MAX_BYTES = 1_048_576;
/** Maximum number of origins per API. More indicate request data in a URL. */
const ORIGINS_MAX = 100;

/** The outbound connections of an API's policies. */
export interface PolicyConnections {
  fetch: PolicyFetch;
  release(): void;
}

/** Opens connections for an API's policies, subject to the outbound rules. */
export function policyConnections(connections: Connections): PolicyConnections {
  const leases = new Map<string, Lease<Parameters<typeof sendRequest>[0]>>();
  const dispatcherFor = (origin: string, timeoutMs: number, ca: string | undefined) => {
    const key = `${origin} ${timeoutMs} ${ca ?? ""}`;
    const known = leases.get(key);
    if (known) return known.value;
    if (leases.size >= ORIGINS_MAX) throw new Error(`The API's steps call more than ${ORIGINS_MAX} origins.`);
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

/** Counters for policies. */
interface CountersOf {
  ports: Pick<GatewayPorts, "counters">;
  counters: LocalCounters;
}

/** Scopes counters to one policy of one API. */
export function policyCounters({ ports, counters }: CountersOf, apiId: string, policy: string): PolicyCounters {
  const prefix = `${apiId}:${policy}:`;
  const shared = ports.counters;
  return {
    local: { add: (key, amount, windowMs) => counters.add(prefix + key, amount, windowMs) },
    shared: shared ? { add: (key, amount, windowMs) => shared.add(prefix + key, amount, windowMs) } : null,
  };
}

/** Makes a policy's context, without its step's secrets. */
export type ApiContext = Omit<PolicyContext, "secret" | "counters">;
