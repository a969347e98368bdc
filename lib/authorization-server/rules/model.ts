/** A JSON value of a token's payload. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A scope of an authorization server. */
export interface ScopeFacts {
  readonly name: string;
  /** Granted, if the rule allows it, when a request names no scope. */
  readonly isDefault: boolean;
  /** Listed in the server's metadata. */
  readonly published: boolean;
}

/** A claim that a server adds to its tokens. */
export interface ClaimFacts {
  readonly id: string;
  readonly name: string;
  readonly kind: "static" | "expression";
  /** The value, or the source of a CEL expression. */
  readonly value: Json;
  /** Added when the token has one of these scopes. Empty: always. */
  readonly scopes: readonly string[];
}

/** What a policy's applications may request. */
export interface RuleFacts {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Empty: every grant type. */
  readonly grantTypes: readonly string[];
  /** Requestable scopes. Empty: every scope of the server. */
  readonly scopes: readonly string[];
  readonly lifetimeMinutes: number;
}

/** An access policy: its applications and their rules. */
export interface PolicyFacts {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Application IDs. Empty: every application of the server. */
  readonly applications: readonly string[];
  /** In evaluation order. */
  readonly rules: readonly RuleFacts[];
}

/** The fields of an authorization server that rules read. */
export interface ServerRules {
  readonly enabled: boolean;
  readonly scopes: readonly ScopeFacts[];
  /** In evaluation order. */
  readonly policies: readonly PolicyFacts[];
}

/** The fields of an application that rules read. */
export interface ApplicationRules {
  readonly id: string;
  /** Requestable scopes. Empty: any the policies allow. */
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
}
