import type { JWK } from "jose";
import type { EnvironmentName } from "@/lib/definition/schema";
import type { SharedTokensOptions } from "./endpoint-security/shared-tokens";
import type { Outbound } from "./upstream/outbound";

/** A deployment as a gateway is handed it. */
export interface DeployedApi {
  apiId: string;
  deploymentNumber: number;
  /** As it is stored; compiling it checks it. */
  definition: unknown;
  /** Slot key (see lib/definition/secrets) to the secret and the id of its version. */
  secrets: ReadonlyMap<string, { value: string; version: string }>;
}

/** One of our own authorization servers as a gateway sees it. */
export interface BuiltinServer {
  id: string;
  issuer: string;
  audience: string;
  enabled: boolean;
  /** The public keys whose tokens are still good. */
  keys: readonly JWK[];
}

/** What is good no longer of the tokens that a server of ours has issued, though their time is not over. */
export interface EndedTokens {
  /** The `jti` of JWTs, the SHA-256 (base64url) of opaque tokens. */
  readonly revoked: ReadonlySet<string>;
  /** By client id: what was issued at `endedAt` (seconds since the epoch) or before is refused, and everything while the client is off. */
  readonly clients: ReadonlyMap<string, { readonly endedAt: number; readonly isOff: boolean }>;
}

/** What an opaque token of a server of ours stands for: the claims that its introspection would answer. */
export type OpaqueToken = Readonly<Record<string, unknown>>;

/** One line of the access log. It never carries a token, a secret or a body. */
export interface AccessRecord {
  requestId: string;
  method: string;
  /** The path without the query. */
  path: string;
  status: number;
  apiId?: string | undefined;
  deploymentNumber?: number | undefined;
  flow?: string | undefined;
  /** What answered instead of the backend, a policy or `endpoint-security`, and its code. */
  answeredBy?: string | undefined;
  code?: string | undefined;
  /** Why, for people who read the log: may name internal hosts, never a credential. */
  reason?: string | undefined;
  clientId?: string | undefined;
  /** The trace id of the caller's `traceparent` (W3C Trace Context), when it sent a valid one. */
  traceId?: string | undefined;
  /** Until the answer was handed over whole, or one side left. */
  durationMs: number;
  /** In request and response steps. */
  policiesMs: number;
  /** Until the credentials of the endpoint were there. Absent when they were there at once. */
  credentialsMs?: number | undefined;
  /** Until the backend's answer began. Absent when the backend was not called. */
  backendMs?: number | undefined;
  /** Who broke the answer off after it had begun. */
  cut?: "caller" | "backend" | "gateway" | undefined;
}

/** A step of a deployment. The same object stands for it as long as the deployment lives. */
export interface StepIdentity {
  readonly apiId: string;
  readonly flow: string;
  readonly phase: "request" | "response";
  readonly policy: string;
  readonly name: string;
}

/** One step that ran for one call. */
export interface StepRun {
  readonly step: StepIdentity;
  readonly outcome: "ran" | "answered" | "failed";
  readonly durationMs: number;
}

/** What all gateways remember of DPoP proofs that were used. */
export interface UsedProofs {
  /**
   * Whether a proof was not used before, and remembers it for this long. How many of one key it remembers is bounded; false when
   * that is full. It may reject, and must settle soon: its caller waits for it.
   */
  use(proof: string, lifeMs: number, keyThumbprint: string): Promise<boolean>;
}

/** How much was counted under a key. Later additions change it, so read it at once. */
export interface Count {
  /** In the current window, what was just added included. */
  readonly total: number;
  /** In the window before, for policies whose windows slide. */
  readonly previous: number;
  /** When the current window ends, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** Counts under keys, in windows that begin at multiples of their length. */
export interface Counters {
  /**
   * Adds to what is counted under a key. One key always has windows of one length. How many keys are remembered is bounded. Counters
   * that are shared reject while they can't be reached, and must settle soon: a caller waits.
   */
  add(key: string, amount: number, windowMs: number): Count | Promise<Count>;
}

/** Everything that the core needs from outside. It imports none of it. */
export interface GatewayPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Called once a call, when its answer was handed over whole or broken off. It must not throw. */
  log(record: AccessRecord, steps: readonly StepRun[]): void;
  /** Finds one of our own authorization servers: at once, as the same object while it stays the same, when it is known. Called per token check. */
  builtinServer(id: string): BuiltinServer | null | Promise<BuiltinServer | null>;
  /** What of a server's tokens is good no longer: from memory, at most a second old. Called per token check. */
  endedTokens(serverId: string): EndedTokens;
  /**
   * Finds an opaque token by its server and the SHA-256 (base64url) of its text; null when there is none that is still good.
   * It rejects while the database is away.
   */
  opaqueToken(serverId: string, tokenId: string): Promise<OpaqueToken | null>;
  /** Where gateways share the tokens of endpoints; without it, each keeps its own. */
  sharedTokens?: SharedTokensOptions | null;
  /** Where gateways tell each other which proofs were used; without it, or while it fails, each knows of its own alone. */
  usedProofs?: UsedProofs | null;
  /** Where gateways count together; without it, each counts by itself. */
  counters?: Counters | null;
  /** How often the tokens of an endpoint were dropped by hand: from memory. Called per call of an endpoint with OAuth 2.0. */
  tokenEpoch?(apiId: string, environment: EnvironmentName): number;
}

/** How this gateway is reached and what it hides. Fixed for its life. */
export interface GatewayOptions {
  /** Where callers reach it, without a trailing slash: `http://localhost:3000/gateway`. */
  publicUrl: string;
  /** The path under which requests reach this gateway, without a trailing slash; nothing without it. It is cut from targets before. */
  mount?: string;
  /** Where its protected-resource metadata stands: `http://localhost:3000/.well-known/oauth-protected-resource/gateway`. */
  metadataUrl: string;
  /** Opens every connection that this gateway makes: to backends, authorization servers and token endpoints. */
  outbound: Outbound;
  /** Whether what this neighbour says about the caller, in `Forwarded` and `X-Forwarded-*`, is believed. Without it, nobody's word is. */
  trustsProxy?(peerAddress: string): boolean;
  /** Milliseconds that a caller may pause in the middle of its body while the backend waits for it; 30 seconds without it. */
  callerIdleMs?: number;
  /** Bytes a second that a client has to send of its body, once it has been sending for that long; 500 without it. */
  callerMinRate?: number;
  /** Milliseconds for which a call keeps its connection while other clients wait; 5 seconds by default. */
  displaceAfterMs?: number;
  /** The embedded gateway shares the console's origin and so sandboxes what it passes on. */
  sharesConsoleOrigin: boolean;
}
