import type { ResourceDescriptor } from "@/lib/definition/registry";
import type { GatewayPorts } from "../ports";
import type { Connections } from "../upstream/connections";
import type { Identity } from "./identity";

/** A good token, reduced to what steps need, once. */
export interface VerifiedToken extends Identity {
  /** By what its server knows it when it ends it: the `jti` of a JWT, the SHA-256 (base64url) of an opaque token. Of our own servers' tokens only. */
  tokenId?: string;
  /** When it is rejected, clock skew included, in milliseconds since the epoch; null when the token does not say. */
  expiresAtMs: number | null;
  /** The SHA-256 thumbprint of the key whose holder alone may present it (RFC 9449, section 6.1); null for whoever bears it. */
  boundTo: string | null;
  /** When it was issued, in seconds since the epoch; null when the token does not say. */
  issuedAt: number | null;
  /** What the authorization server said about it; null where no step of the API asks for that. */
  claims: Readonly<Record<string, unknown>> | null;
  /** `x-gatewright-*` names and values in turn. */
  identityHeaders: readonly string[];
}

/** What a check found. Reasons are for the log: they may name hosts, never the token. */
export type TokenCheck =
  | { outcome: "active"; token: VerifiedToken }
  | { outcome: "inactive" | "unavailable" | "invalidResponse" | "missingServer"; reason: string };

/** Says whether a token is good. Answers at once when it knows already. */
export interface TokenChecker {
  /** @param client names the client that asks, when it has to be known: what has to be asked elsewhere is bounded by client */
  check(token: string, client?: () => string): TokenCheck | Promise<TokenCheck>;
  /** It answers from memory what it was asked before, and knows of every end of a token within a second. */
  readonly isLocal?: true;
  /** The issuers to name in the protected-resource metadata (RFC 9728), as far as they are known. */
  issuers(): Promise<readonly string[]>;
  /** Gives back connections. Checks that are under way still end. */
  release(): void;
}

/** What a resource may use while a deployment is compiled. */
export interface ResourceContext {
  ports: GatewayPorts;
  connections: Connections;
  /** The resource URI of the API (RFC 8707): its public address. */
  resourceUri: string;
  /** A step hands the claims of tokens on. Otherwise they are not kept: they may be long. */
  keepsClaims?: boolean | undefined;
  /** The secret of one of the resource's fields and the id of its version. */
  secret(field: string): { value: string; version: string } | undefined;
}

/** A resource type with its handler: the half that runs in gateways. */
export interface ResourceType {
  descriptor: ResourceDescriptor;
  /**
   * Everything on which the checker's answers depend, as text: two resources with the same identity share
   * a checker and its cache, so a redeployment keeps what is known about tokens only when nothing of this changed.
   */
  identity(config: unknown, context: ResourceContext): string;
  /** @throws when the configuration is wrong or a secret is missing. */
  compile(config: unknown, context: ResourceContext): TokenChecker;
}
