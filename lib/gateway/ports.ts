import type { JWK } from "jose";

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

/** One line of the access log. It never carries a token, a secret or a body. */
export interface AccessRecord {
  requestId: string;
  method: string;
  /** The path without the query. */
  path: string;
  status: number;
  apiId: string | null;
  deploymentNumber: number | null;
  flow: string | null;
  /** The policy that answered instead of the backend, and its code. */
  answeredBy: string | null;
  code: string | null;
  /** Why, for people who read the log: may name internal hosts, never a credential. */
  reason: string | null;
  clientId: string | null;
  durationMs: number;
  backendMs: number | null;
}

/** Everything that the core needs from outside. It imports none of it. */
export interface GatewayPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  log(record: AccessRecord): void;
  /** Finds one of our own authorization servers. Called per token check: the port caches. */
  builtinServer(id: string): Promise<BuiltinServer | null>;
}

/** How this gateway is reached and what it hides. Fixed for its life. */
export interface GatewayOptions {
  /** Where callers reach it, without a trailing slash: `http://localhost:3000/gateway`. */
  publicUrl: string;
  /** Where its protected-resource metadata stands: `http://localhost:3000/.well-known/oauth-protected-resource/gateway`. */
  metadataUrl: string;
  /** The embedded gateway shares the console's origin and so sandboxes what it passes on. */
  sharesConsoleOrigin: boolean;
}
