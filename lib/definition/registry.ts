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
  placeholder?: string;
  /** The field matters only while its sibling has this value; forms hide it otherwise. Its value is kept. */
  showIf?: { field: string; equals: string | number | boolean };
}

/** The half of a policy that is safe for the browser: everything but its handlers. */
export interface PolicyDescriptor {
  id: string;
  title: string;
  summary: string;
  category: "security" | "transformation";
  phases: readonly Phase[];
  schema: z.ZodObject;
  /** One line that says what a step with this configuration does, for the lanes and the diff. */
  sentence(config: Record<string, unknown>): string;
}

/** The half of a resource type that is safe for the browser. */
export interface ResourceDescriptor {
  type: string;
  title: string;
  summary: string;
  schema: z.ZodObject;
  sentence(config: Record<string, unknown>): string;
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
