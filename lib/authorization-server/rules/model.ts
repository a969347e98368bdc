/** What can stand in a token's payload. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A scope of an authorization server. */
export interface ScopeFacts {
  readonly name: string;
  /** Granted, where the rule allows it, when a request names no scope. */
  readonly isDefault: boolean;
  /** Named in the server's metadata. */
  readonly published: boolean;
}

/** A claim that a server adds to its tokens. */
export interface ClaimFacts {
  readonly id: string;
  readonly name: string;
  readonly kind: "static" | "expression";
  /** The claim itself, or the text of a CEL expression. */
  readonly value: Json;
  /** Added when the token has one of these; always when there is none. */
  readonly scopes: readonly string[];
}

/** What a policy's applications may have. */
export interface RuleFacts {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Every grant when there is none. */
  readonly grantTypes: readonly string[];
  /** The scopes that may be asked for; every scope of the server when there is none. */
  readonly scopes: readonly string[];
  readonly lifetimeMinutes: number;
}

/** Which applications a list of rules is for. */
export interface PolicyFacts {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Ids of applications; every application of the server when there is none. */
  readonly applications: readonly string[];
  /** In the order in which they are tried. */
  readonly rules: readonly RuleFacts[];
}

/** What of an authorization server the rules look at. */
export interface ServerRules {
  readonly enabled: boolean;
  readonly scopes: readonly ScopeFacts[];
  /** In the order in which they are tried. */
  readonly policies: readonly PolicyFacts[];
}

/** What of an application the rules look at. */
export interface ApplicationRules {
  readonly id: string;
  /** The only scopes that it may have; none listed means whatever the server allows. */
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
}
