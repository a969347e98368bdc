import type { z } from "zod";
import {
  type DefinitionRegistry,
  type FieldMeta,
  fieldMeta,
  type PolicyDescriptor,
  type Requirement,
  type ResourceDescriptor,
  type TokenRequirement,
} from "./registry";

type Policies = Pick<DefinitionRegistry, "policies">;
type Resources = Pick<DefinitionRegistry, "resources">;

/** The required part of a step. It's declared here, because the schema imports this file. */
interface ConfiguredStep {
  policy: string;
  config: Record<string, unknown>;
}

/** The required part of a resource. */
interface ConfiguredResource {
  type: string;
  config: Record<string, unknown>;
}

const NONE: readonly Requirement[] = [];

/** The policy that a step names; undefined for one that this build does not know. */
export const policyOf = ({ policies }: Policies, id: unknown): PolicyDescriptor | undefined => policies.find((policy) => policy.id === id);

/** The type that a resource names; undefined for one that this build does not know. */
export const resourceTypeOf = ({ resources }: Resources, type: unknown): ResourceDescriptor | undefined =>
  resources.find((descriptor) => descriptor.type === type);

/** What a step asks of callers while it is enabled, as its policy says it. */
export const requirementsOf = (step: ConfiguredStep, registry: Policies): readonly Requirement[] =>
  policyOf(registry, step.policy)?.requires(step.config) ?? NONE;

/** The tokens that a step asks of callers while it is enabled. */
export const tokensRequired = (step: ConfiguredStep, registry: Policies): TokenRequirement[] =>
  requirementsOf(step, registry).filter((requirement) => requirement.kind === "token");

/** The policy by which people require a token: the first that can check one. */
export const tokenPolicyOf = ({ policies }: Policies) => policies.find((policy) => policy.tokenCheck !== undefined);

const fieldsWith = (schema: z.ZodObject | undefined, ui: "resource" | "server" | "scopes") =>
  Object.entries(schema?.shape ?? {}).flatMap(([field, type]) => (fieldMeta(type as z.ZodType).ui === ui ? [field] : []));

/** The fields of a policy's configuration that name a resource, or several. */
export const resourceFieldsOf = (policy: PolicyDescriptor | undefined): string[] => fieldsWith(policy?.schema, "resource");

/** The field of a policy's configuration that lists scopes, where there is one. */
export const scopesFieldOf = (policy: PolicyDescriptor | undefined): string | undefined => fieldsWith(policy?.schema, "scopes")[0];

/** The names in a field that names a resource, or several. */
export const namesIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((name): name is string => typeof name === "string" && name !== "");

/** The authorization server of Gatewright whose tokens a resource checks; undefined when they are another server's. */
export function ownServerOf({ type, config }: ConfiguredResource, registry: Resources): string | undefined {
  const schema = resourceTypeOf(registry, type)?.schema;
  const [field] = fieldsWith(schema, "server");
  if (schema === undefined || field === undefined) return undefined;
  const named = config[field] ?? (schema.shape[field] as z.ZodType).safeParse(undefined).data;
  return typeof named === "string" ? named : "";
}

/** The resource types that check tokens of Gatewright's own authorization servers. */
export const ownServerTypes = ({ resources }: Resources): string[] =>
  resources.filter(({ schema }) => fieldsWith(schema, "server").length > 0).map(({ type }) => type);

/** What a policy asks of callers where nobody has chosen otherwise; undefined when it asks nothing. A token goes before anything else. */
export function askedByDefault(policy: PolicyDescriptor | undefined): Requirement["kind"] | undefined {
  const kinds = (policy?.requires({}) ?? NONE).map(({ kind }) => kind);
  return kinds.includes("token") ? "token" : kinds[0];
}

/** A field of a configuration that holds a secret. */
export interface SecretFieldOf {
  field: string;
  meta: FieldMeta;
}

const knownSecretFields = new WeakMap<object, readonly SecretFieldOf[]>();
const NO_SECRETS: readonly SecretFieldOf[] = [];

/** The fields of a policy's or resource type's configuration that hold secrets. */
export function secretFieldsOf(described: { schema: z.ZodObject } | undefined): readonly SecretFieldOf[] {
  if (!described) return NO_SECRETS;
  const known = knownSecretFields.get(described);
  if (known) return known;
  const fields = Object.entries(described.schema.shape).flatMap(([field, type]) => {
    const meta = fieldMeta(type as z.ZodType);
    return meta.secret ? [{ field, meta }] : [];
  });
  knownSecretFields.set(described, fields);
  return fields;
}
