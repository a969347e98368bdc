import type { FlowMatcher } from "@/lib/definition/flow-matcher";
import type { Definition, EnvironmentName } from "@/lib/definition/schema";
import type { ProofCheck } from "../dpop/proof";
import type { TokenKeeper } from "../endpoint-security/token-keeper";
import type { CompiledCors } from "../http/cors";
import type { BackendHeaderRules } from "../http/forwarding";
import type { RequestHandler, ResponseHandler } from "../policies/contract";
import type { LocalCounters } from "../policies/local-counters";
import type { GatewayOptions, GatewayPorts, StepIdentity } from "../ports";
import type { TokenChecker } from "../resources/contract";
import type { Connections } from "../upstream/connections";
import type { Upstream } from "../upstream/contract";
import type { LeasePool } from "../upstream/leases";

/** A compiled step. The handler is null if the step is disabled, which only the trace shows. */
export interface CompiledStep<Handler> extends StepIdentity {
  readonly handler: Handler | null;
  /** Token requirement of the step. */
  readonly scopes: readonly string[];
}

/** A compiled flow. */
export interface CompiledFlow {
  label: string;
  request: readonly CompiledStep<RequestHandler>[];
  response: readonly CompiledStep<ResponseHandler>[];
}

/** A compiled deployment. Requests only read it. */
export interface CompiledApi {
  readonly apiId: string;
  readonly deploymentNumber: number;
  readonly contextPath: string;
  readonly paths: Definition["paths"];
  /** Allowed header names with characters other than letters, digits, and hyphens, in lowercase; null if none. */
  readonly otherNames: ReadonlySet<string> | null;
  readonly match: FlowMatcher;
  /** A flow lists methods, so unlisted methods would bypass it. */
  readonly listsMethods: boolean;
  /** Addresses whose forwarded client address is trusted. */
  trustsProxy(peerAddress: string): boolean;
  readonly flows: readonly CompiledFlow[];
  readonly cors: CompiledCors | null;
  /** Challenge for a token that became invalid during an open request. */
  readonly endedChallenge: string;
  readonly backendRules: BackendHeaderRules;
  readonly upstreams: Readonly<Partial<Record<EnvironmentName, Upstream>>>;
  /** Protected-resource metadata (RFC 9728); null if no step requires a token. */
  readonly protectedBy: { scopes: readonly string[]; checkers: readonly TokenChecker[] } | null;
  /** Retains the token checkers for a request that outlasts the deployment. Returns the release function. */
  holdCheckers(): () => void;
  /** Releases connections and checkers. Called when no request uses the deployment. */
  release(): void;
}

/** Dependencies shared by a gateway's deployments. */
export interface Shared {
  ports: GatewayPorts;
  options: GatewayOptions;
  connections: Connections;
  checkers: LeasePool<TokenChecker>;
  proofCheck: ProofCheck;
  /** Tokens of all endpoints. */
  tokens: TokenKeeper;
  /** Local policy counters, which outlive deployments. */
  counters: LocalCounters;
}
