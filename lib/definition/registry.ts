import type { z } from "zod";

/** The two phases of a flow: request steps run before the backend, response steps after it. */
export type Phase = "request" | "response";

/** What a policy's or resource's schema says about a field beyond its type; read by forms, validation and documentation. */
export interface FieldMeta {
  title?: string;
  /** One or two sentences shown below the field. */
  description?: string;
  /** `resource`: the name of a resource of this API; `scopes` and `headers`: lists with their own editors; `server`: an authorization server of ours. */
  ui?: "resource" | "scopes" | "header-list" | "header-names" | "server" | "text-area" | "seconds";
  /** With `ui: "resource"`: the resource types that may be named. */
  resourceTypes?: readonly string[];
  /** Fields with the same group are shown together; `advanced` starts folded. */
  group?: "advanced";
  /** A write-only value, stored apart from the definition. */
  secret?: boolean;
  /** With `secret`: must be present once blank-keeps-stored has been applied. */
  required?: boolean;
  /** With `secret`: sibling fields whose URLs receive the secret or a token made with it. Their origins are bound to it. */
  sentTo?: readonly string[];
  /** A URL that gateways call. */
  called?: boolean;
  /** With `called`: a sibling field whose URL is called instead where it is filled in. */
  calledUnless?: string;
  /** Certificates that say who may receive the secrets of the same object: other ones ask for the secrets again. */
  trusted?: boolean;
  /** Which other values of the field accept no more requests than this one does; see `Narrowing`. Left out: only the same value. */
  narrowing?: Narrowing;
  placeholder?: string;
  /** The field matters only while its sibling has this value; forms hide it otherwise. Its value is kept. */
  showIf?: { field: string; equals: string | number | boolean };
}

/**
 * How a changed field can change which requests pass. The warnings before a deployment rest on it.
 * - `any`: the field says nothing about that, so every change is fine
 * - `fewer`: a list of what is accepted; with fewer members less passes
 * - `fewerOrSome`: the same, and an empty list accepts everything
 * - `set`: without a value more passes than with any
 * - `on`: less passes while it is on
 * - `less`: less passes with a lower number
 */
export type Narrowing = "any" | "fewer" | "fewerOrSome" | "set" | "on" | "less";

/** A token that a caller has to bring: accepted by a resource of the API, with scopes where any are named. */
export interface TokenRequirement {
  kind: "token";
  /** The name of the resource that checks it; "" while nobody has chosen one. */
  resource: string;
  scopes: readonly string[];
  /** Whether the token needs all of the scopes, or any one of them. */
  scopeMode: "all" | "any";
}

/** Anything else that a caller has to bring to pass. */
export interface CredentialRequirement {
  kind: "credential";
  /** As it is read in a sentence, with its article: `an API key`. */
  name: string;
}

/** One thing that a step asks of callers. Each of a step's requirements has to be met. */
export type Requirement = TokenRequirement | CredentialRequirement;

/** What steps leave for later ones, or look for. `claims`: those of the caller's token. */
export type StepFact = "claims" | "identity";

/** A configuration that works, for documentation and tests. */
export interface Example {
  title: string;
  config: Record<string, unknown>;
}

/** What policies and resource types say about themselves to people. */
interface Described {
  title: string;
  /** One sentence, for lists. */
  summary: string;
  /** One or more paragraphs: when to use it, what it does with a request, what to watch out for. */
  help: string;
  /** At least one. */
  examples: readonly Example[];
  schema: z.ZodObject;
  /** Where it stands in lists: lower numbers first. 100 without it. */
  rank?: number;
  /** One line that says what this configuration does, for the lanes and the diff. The configuration may be incomplete. */
  sentence(config: Record<string, unknown>): string;
}

/** The marks that a policy can have. */
export type PolicyIcon = "key" | "arrows" | "shield" | "gauge" | "filter" | "route" | "exchange" | "person" | "document" | "clock";

/** The half of a policy that is safe for the browser: everything but its handlers. `describePolicy` makes one. */
export interface PolicyDescriptor extends Described {
  /** The name of its folder. */
  id: string;
  category: "security" | "traffic" | "transformation";
  /** Its category's mark without it. */
  icon?: PolicyIcon;
  phases: readonly Phase[];
  /** What a step with this configuration asks of callers; empty when it lets everyone through. */
  requires(config: Record<string, unknown>): readonly Requirement[];
  /** What such a step looks for that an earlier one must have left. */
  reads(config: Record<string, unknown>): readonly StepFact[];
  /** What such a step leaves for later ones. */
  writes(config: Record<string, unknown>): readonly StepFact[];
  /** The configuration by which a step asks for any valid token of a resource. Only where the policy can check tokens. */
  tokenCheck?(resource: string): Record<string, unknown>;
}

/** The half of a resource type that is safe for the browser. */
export interface ResourceDescriptor extends Described {
  /** The name of its folder. */
  type: string;
  /** What a new resource of the type is called at first. */
  suggestedName: string;
}

/** How a gateway authenticates at a backend, as it stands in a definition. Its type says what else is in it. */
export type SecurityConfig = { type: string } & Record<string, unknown>;

/** A place of endpoint security that holds a secret. */
export interface EndpointSecretSlot {
  /** `clientSecret`, `password` or `parameters/<name>`: the same wherever a parameter stands in the list. */
  slot: string;
  /** Below `security`: `clientSecret`, `parameters[0].value`. */
  path: string;
  title: string;
  required: boolean;
  /** What was typed; undefined or "" when it was left out. */
  value: string | undefined;
  /** The URL that the secret is sent to. The endpoint's own URL gets it, or a token made with it, in any case. */
  sentTo: string | null;
  /** Empties the place. */
  clear(): void;
}

/** The half of endpoint security that is safe for the browser. */
export interface EndpointSecurityDescriptor {
  schema: z.ZodType<SecurityConfig>;
  /** The members of the schema by their type. */
  types: Readonly<Record<string, z.ZodObject>>;
  /** One line that says how the gateway authenticates. It names no secret. */
  sentence(security: SecurityConfig): string;
  /** Every place that holds a secret, filled or not. */
  secretSlots(security: SecurityConfig): EndpointSecretSlot[];
}

/** Every policy and resource type that a definition may use, and how its endpoints can be secured. */
export interface DefinitionRegistry {
  policies: readonly PolicyDescriptor[];
  resources: readonly ResourceDescriptor[];
  endpointSecurity: EndpointSecurityDescriptor;
}

/** The meta of one field of a zod object, looked up through `optional`, `default` and the like. */
export function fieldMeta(schema: z.ZodType): FieldMeta {
  let current: z.ZodType | undefined = schema;
  while (current) {
    const meta = current.meta();
    if (meta) return meta as FieldMeta;
    current = (current.def as { innerType?: z.ZodType }).innerType;
  }
  return {};
}

const RANK = 100;

/** Policies or resource types in the order in which lists show them. */
export function inOrder<T>(items: readonly T[], descriptorOf: (item: T) => { rank?: number }): readonly T[] {
  const rankOf = (item: T) => descriptorOf(item).rank ?? RANK;
  return [...items].sort((a, b) => rankOf(a) - rankOf(b));
}
