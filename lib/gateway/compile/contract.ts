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

/** A step, ready to run. The handler is null when the step is disabled: then it is only there for the trace. */
export interface CompiledStep<Handler> extends StepIdentity {
  readonly handler: Handler | null;
  /** What a token needs to pass it. */
  readonly scopes: readonly string[];
}

/** A flow, ready to run. */
export interface CompiledFlow {
  label: string;
  request: readonly CompiledStep<RequestHandler>[];
  response: readonly CompiledStep<ResponseHandler>[];
}

/** A deployment, ready to serve: a request only walks what is here. */
export interface CompiledApi {
  readonly apiId: string;
  readonly deploymentNumber: number;
  readonly contextPath: string;
  readonly paths: Definition["paths"];
  /** Names, in lower case, with other characters than letters, digits and hyphens that may pass; null where there are none. */
  readonly otherNames: ReadonlySet<string> | null;
  readonly match: FlowMatcher;
  /** Some flow lists methods, and so says nothing about methods that cannot be listed. */
  readonly listsMethods: boolean;
  /** Whose word about the client's address is believed. */
  trustsProxy(peerAddress: string): boolean;
  readonly flows: readonly CompiledFlow[];
  readonly cors: CompiledCors | null;
  /** What a client is told whose token ended while its call was open. */
  readonly endedChallenge: string;
  readonly backendRules: BackendHeaderRules;
  readonly upstreams: Readonly<Partial<Record<EnvironmentName, Upstream>>>;
  /** RFC 9728: what its metadata says, or null when no step asks for a token. */
  readonly protectedBy: { scopes: readonly string[]; checkers: readonly TokenChecker[] } | null;
  /** Keeps the token checkers for a call that outlasts the deployment. Returns what gives them back. */
  holdCheckers(): () => void;
  /** Gives back connections and checkers, when no request uses this deployment any more. */
  release(): void;
}

/** What all deployments of one gateway share. */
export interface Shared {
  ports: GatewayPorts;
  options: GatewayOptions;
  connections: Connections;
  checkers: LeasePool<TokenChecker>;
  proofCheck: ProofCheck;
  /** The tokens of all endpoints. */
  tokens: TokenKeeper;
  /** What policies count in this process; it outlives deployments. */
  counters: LocalCounters;
}
