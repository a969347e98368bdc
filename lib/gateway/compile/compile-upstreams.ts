import { type Definition, ENVIRONMENTS, type Endpoint, type EnvironmentName } from "@/lib/definition/schema";
import { compileEndpointSecurity } from "../endpoint-security/compile";
import { endpointSecretSlots, endpointSecuritySentence } from "../endpoint-security/describe";
import { endpointSecuritySchema } from "../endpoint-security/schema";
import type { Forwarding } from "../http/forwarding";
import { MIN_BYTES_PER_SECOND } from "../http/request-body";
import type { DeployedApi } from "../ports";
import { connect } from "../upstream/connections";
import type { Upstream } from "../upstream/contract";
import { endpointTls } from "../upstream/endpoint-tls";
import { tokenOwner } from "../upstream/endpoint-tokens";
import type { SecuredEndpoint } from "../upstream/secured-call";
import { compileUpstream, MAX_CONNECTIONS } from "../upstream/upstream";
import type { Shared } from "./contract";

/** Default maximum pause in a request body, in milliseconds: a paused upload occupies a backend connection. */
const CALLER_IDLE_MS = 30_000;

type Secrets = () => DeployedApi["secrets"];

function compileSecurity(apiId: string, environment: EnvironmentName, endpoint: Endpoint, secrets: Secrets, shared: Shared) {
  const security = endpointSecuritySchema.parse(endpoint.security);
  if (security.type === "none") return null;
  const secret = (slot: string) => secrets().get(`endpoints/${environment}/${slot}`);
  for (const { slot, path, title, required } of endpointSecretSlots(security))
    if (required && !secret(slot)?.value) throw new Error(`endpoints.${environment}.security.${path}: ${title} is required.`);
  const { connections, ports, tokens } = shared;
  const { timeoutMs, totalTimeoutMs, maxConnections = MAX_CONNECTIONS } = endpoint;
  return compileEndpointSecurity(security, {
    owner: tokenOwner(apiId, environment),
    endpointUrl: endpoint.url,
    waitMs: Math.min(timeoutMs, totalTimeoutMs ?? timeoutMs),
    // Equal to the endpoint's own limit of concurrent requests.
    maxWaiting: maxConnections * 2,
    secret,
    keeper: tokens,
    epoch: () => ports.tokenEpoch?.(apiId, environment) ?? 0,
    connect: (origin, milliseconds, ca) => connect(connections, origin, milliseconds, { ca }),
    now: () => ports.now(),
  });
}

/**
 * Compiles the endpoints of a deployment.
 * @throws Error that names a missing secret, holding no resources.
 */
export function compileUpstreams(
  definition: Definition,
  apiId: string,
  secrets: Secrets,
  shared: Shared,
): Partial<Record<EnvironmentName, Upstream>> {
  const {
    publicUrl,
    mount = "",
    callerIdleMs = CALLER_IDLE_MS,
    callerMinRate = MIN_BYTES_PER_SECOND,
    trustsProxy = () => false,
    displaceAfterMs,
  } = shared.options;
  const { protocol, host, pathname } = new URL(publicUrl);
  const publicPath = pathname.replace(/\/$/, "");
  const suffix = definition.contextPath === "/" ? "" : definition.contextPath;
  const last = { peer: "", host: "", proto: "", text: "" };
  const forwarding: Forwarding = {
    proto: protocol.slice(0, -1),
    host,
    publicPath,
    cut: mount + suffix,
    publicCut: publicPath + suffix,
    trusts: trustsProxy,
    displaceAfterMs,
    last,
  };
  const patience = { idleTimeoutMs: callerIdleMs, minRate: callerMinRate };
  const upstreams: Partial<Record<EnvironmentName, Upstream>> = {};
  try {
    for (const name of ENVIRONMENTS) {
      const endpoint = definition.endpoints[name];
      if (!endpoint) continue;
      const tls = endpointTls(name, endpoint, (slot) => secrets().get(slot));
      const authorizer = compileSecurity(apiId, name, endpoint, secrets, shared);
      const secured: SecuredEndpoint | null = authorizer && {
        authorizer,
        sentence: endpointSecuritySentence(endpointSecuritySchema.parse(endpoint.security)),
        totalTimeoutMs: endpoint.totalTimeoutMs ?? null,
        patience,
      };
      try {
        upstreams[name] = compileUpstream(endpoint, shared.connections, forwarding, patience, secured, tls);
      } catch (error) {
        authorizer?.release();
        throw error;
      }
    }
    return upstreams;
  } catch (error) {
    for (const upstream of Object.values(upstreams)) upstream.release();
    throw error;
  }
}
