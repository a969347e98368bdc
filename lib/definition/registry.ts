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

/** Every policy and resource type that a definition may use. */
export interface DefinitionRegistry {
  policies: readonly PolicyDescriptor[];
  resources: readonly ResourceDescriptor[];
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
