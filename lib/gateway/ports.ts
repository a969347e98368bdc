import type { JWK } from "jose";
import type { EnvironmentName } from "@/lib/definition/schema";
import type { SharedTokensOptions } from "./endpoint-security/shared-tokens";
import type { Outbound } from "./upstream/outbound";

/** A deployment to load. */
export interface DeployedApi {
  apiId: string;
  deploymentNumber: number;
  /** Stored definition, validated on compilation. */
  definition: unknown;
  /** Secrets with their version IDs, by slot key (see lib/definition/secrets). */
  secrets: ReadonlyMap<string, { value: string; version: string }>;
}

/** A Gatewright authorization server, as gateways use it. */
export interface BuiltinServer {
  id: string;
  issuer: string;
  audience: string;
  enabled: boolean;
  /** Public keys that verify tokens. */
  keys: readonly JWK[];
}

/** Unexpired but invalid tokens of a Gatewright authorization server. */
export interface EndedTokens {
  /** The `jti` of JWTs, the SHA-256 (base64url) of opaque tokens. */
  readonly revoked: ReadonlySet<string>;
  /** By client ID: tokens issued at or before `endedAt` (seconds since the epoch) are invalid; all are while the client is inactive. */
  readonly clients: ReadonlyMap<string, { readonly endedAt: number; readonly isOff: boolean }>;
}

/** Claims of an opaque token of a Gatewright authorization server, as introspection returns them. */
export type OpaqueToken = Readonly<Record<string, unknown>>;

/** A line of the access log. It contains no tokens, secrets, or bodies. */
export interface AccessRecord {
  requestId: string;
  method: string;
  /** Path without the query. */
  path: string;
  status: number;
  apiId?: string | undefined;
  deploymentNumber?: number | undefined;
  flow?: string | undefined;
  /** Error code, and the policy or `endpoint-security` that responded instead of the backend. */
  answeredBy?: string | undefined;
  code?: string | undefined;
  /** Reason. It can name internal hosts, never credentials. */
  reason?: string | undefined;
  clientId?: string | undefined;
  /** Trace ID of the client's `traceparent` (W3C Trace Context), if valid. */
  traceId?: string | undefined;
  /** Until the response was complete or cut off. */
  durationMs: number;
  /** In request and response steps, in total. */
  policiesMs: number;
  /** Until the endpoint's credentials were available. Absent if they were cached. */
  credentialsMs?: number | undefined;
  /** Until the backend's response started. Absent if the backend wasn't called. */
  backendMs?: number | undefined;
  /** The side that cut the response off after it started. */
  cut?: "caller" | "backend" | "gateway" | undefined;
}

/** A step of a deployment. The object stays the same for the deployment's lifetime. */
export interface StepIdentity {
  readonly apiId: string;
  readonly flow: string;
  readonly phase: "request" | "response";
  readonly policy: string;
  readonly name: string;
}

/** A step's run in one request. */
export interface StepRun {
  readonly step: StepIdentity;
  readonly outcome: "ran" | "answered" | "failed";
  readonly durationMs: number;
}

/** Shared DPoP replay data. */
export interface UsedProofs {
  /**
   * Records a proof for the given time. Returns false if it is already recorded, or if its key's limit is reached. Can reject, and
   * must settle quickly: a request waits for it.
   */
  use(proof: string, lifeMs: number, keyThumbprint: string): Promise<boolean>;
}

/** A counter's window. Later additions mutate it, so read it immediately. */
export interface Count {
  /** Total of the current window, including this addition. */
  readonly total: number;
  /** Total of the previous window, for sliding windows. */
  readonly previous: number;
  /** End of the current window, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** Counters by key, in windows aligned to multiples of their length. */
export interface Counters {
  /**
   * Adds to a counter. A key always uses the same window length. The number of keys is limited. Shared counters reject while
   * unreachable, and must settle quickly: a request waits.
   */
  add(key: string, amount: number, windowMs: number): Count | Promise<Count>;
}

/** The core's dependencies, injected by its host. */
export interface GatewayPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Called once per request, when its response is complete or cut off. Must not throw. */
  log(record: AccessRecord, steps: readonly StepRun[]): void;
  /** Finds a Gatewright authorization server. Called per token check, so a cached, unchanged server is returned as the same object. */
  builtinServer(id: string): BuiltinServer | null | Promise<BuiltinServer | null>;
  /** Returns a server's invalid tokens, from memory, at most 1 second old. Called per token check. */
  endedTokens(serverId: string): EndedTokens;
  /**
   * Finds a valid opaque token by its server and its SHA-256 (base64url); null if there is none. Rejects while the database is
   * unreachable.
   */
  opaqueToken(serverId: string, tokenId: string): Promise<OpaqueToken | null>;
  /** Shared endpoint tokens; without it, each gateway caches its own. */
  sharedTokens?: SharedTokensOptions | null;
  /** Shared DPoP replay data; without it, or while it fails, each process knows only its own. */
  usedProofs?: UsedProofs | null;
  /** Shared counters; without it, policies have only local ones. */
  counters?: Counters | null;
  /** Returns how often an endpoint's tokens were cleared, from memory. Called per request to an OAuth 2.0 endpoint. */
  tokenEpoch?(apiId: string, environment: EnvironmentName): number;
}

/** A gateway's fixed settings. */
export interface GatewayOptions {
  /** Public URL, without a trailing slash: `http://localhost:3000/gateway`. */
  publicUrl: string;
  /** Mount path, without a trailing slash; none by default. Adapters remove it from targets. */
  mount?: string;
  /** Base URL of the protected-resource metadata: `http://localhost:3000/.well-known/oauth-protected-resource/gateway`. */
  metadataUrl: string;
  /** Opens all outbound connections: to backends, authorization servers, and token endpoints. */
  outbound: Outbound;
  /** Whether to trust `Forwarded` and `X-Forwarded-*` from this address. By default, none is trusted. */
  trustsProxy?(peerAddress: string): boolean;
  /** Maximum pause in a request body, in milliseconds. Default: 30,000. */
  callerIdleMs?: number;
  /** Minimum rate of a request body after that time, in bytes per second. Default: 500. */
  callerMinRate?: number;
  /** How long a request keeps its connection while other clients wait, in milliseconds. Default: 5,000. */
  displaceAfterMs?: number;
  /** Whether the gateway shares the console's origin (embedded), so responses are sandboxed. */
  sharesConsoleOrigin: boolean;
}
