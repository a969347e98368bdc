import type { z } from "zod";
import { canonicalDefinition, canonicalJson } from "@/lib/definition/canonical";
import { policyOf, resourceTypeOf, secretFieldsOf } from "@/lib/definition/requirements";
import type { Definition, Flow, Resource, Step } from "@/lib/definition/schema";
import { secretSlots } from "@/lib/definition/secrets";
import { registry } from "@/lib/gateway/schemas";

/** A step with a stable key, which isn't saved. */
export interface StepItem extends Step {
  key: string;
}

/** A flow with a stable key, which isn't saved. */
export interface FlowItem extends Omit<Flow, "request" | "response"> {
  key: string;
  request: StepItem[];
  response: StepItem[];
}

/** A resource with a stable key, which isn't saved. */
export interface ResourceItem extends Resource {
  key: string;
}

/** A definition being edited. Immutable: every edit returns a new one. */
export interface WorkingCopy extends Omit<Definition, "flows" | "resources"> {
  flows: FlowItem[];
  resources: ResourceItem[];
}

let lastKey = 0;

/** Returns a key that's unique in this window. */
export function newKey(): string {
  lastKey += 1;
  return `k${lastKey}`;
}

export const keyedStep = (step: Step): StepItem => ({ ...step, key: newKey() });

export const keyedFlow = (flow: Flow): FlowItem => ({
  ...flow,
  key: newKey(),
  request: flow.request.map(keyedStep),
  response: flow.response.map(keyedStep),
});

export const keyedResource = (resource: Resource): ResourceItem => ({ ...resource, key: newKey() });

/** Opens a definition for editing. */
export function fromDefinition(definition: Definition): WorkingCopy {
  return { ...definition, flows: definition.flows.map(keyedFlow), resources: definition.resources.map(keyedResource) };
}

export const bareStep = ({ key: _, ...step }: StepItem): Step => step;

export const bareFlow = ({ key: _, request, response, ...flow }: FlowItem): Flow => ({
  ...flow,
  request: request.map(bareStep),
  response: response.map(bareStep),
});

const knownDefaults = new WeakMap<z.ZodObject, Record<string, unknown>>();

/** Returns a schema's defaults. */
function defaultsOf(schema: z.ZodObject): Record<string, unknown> {
  const known = knownDefaults.get(schema);
  if (known) return known;
  const defaults = Object.fromEntries(
    Object.entries(schema.shape).flatMap(([field, type]) => {
      const result = (type as z.ZodType).safeParse(undefined);
      return result.success && result.data !== undefined ? [[field, result.data]] : [];
    }),
  );
  knownDefaults.set(schema, defaults);
  return defaults;
}

const policySchemas = new Map(registry.policies.map(({ id, schema }) => [id, schema]));
const resourceSchemas = new Map(registry.resources.map(({ type, schema }) => [type, schema]));

/** Returns a configuration with defaults, as the server stores it: an absent field equals its default. */
const filled = (schema: z.ZodObject | undefined, config: Record<string, unknown>) => ({ ...(schema && defaultsOf(schema)), ...config });

const filledStep = (step: Step): Step => ({ ...step, config: filled(policySchemas.get(step.policy), step.config) });

/** Returns the definition to save, with defaults. Omits blank secrets: they mean the same as absent ones. */
export function toDefinition(copy: WorkingCopy): Definition {
  const definition: Definition = {
    ...copy,
    // Cloned, because blank secrets are removed below.
    endpoints: structuredClone(copy.endpoints),
    flows: copy.flows
      .map(bareFlow)
      .map((flow) => ({ ...flow, request: flow.request.map(filledStep), response: flow.response.map(filledStep) })),
    resources: copy.resources.map(({ key: _, ...resource }) => ({
      ...resource,
      config: filled(resourceSchemas.get(resource.type), resource.config),
    })),
  };
  for (const slot of secretSlots(definition, registry)) if (!slot.value) slot.clear();
  return definition;
}

/** Returns a definition without typed secrets: safe to show, compare, or store in the browser. */
export function withoutSecrets(definition: Definition): Definition {
  const bare = structuredClone(definition);
  for (const slot of secretSlots(bare, registry)) slot.clear();
  return bare;
}

/** Returns a canonical text, equal for equivalent definitions; includes typed secrets. */
export const definitionText = (definition: Definition): string => canonicalJson(canonicalDefinition(definition));

/** Returns whether two definitions are equivalent; typed secrets count as differences. */
export const sameDefinition = (a: Definition, b: Definition): boolean => definitionText(a) === definitionText(b);

/**
 * Opens the saved definition with the keys of the sent copy, which preserves selection and focus. Items at other positions get new keys.
 */
export function reopen(saved: Definition, sent: WorkingCopy): WorkingCopy {
  const rekey = <T extends { key: string }>(items: T[], before: readonly { key: string }[]) =>
    items.length === before.length ? items.map((item, index) => ({ ...item, key: before[index]?.key ?? item.key })) : items;
  const fresh = fromDefinition(saved);
  return {
    ...fresh,
    resources: rekey(fresh.resources, sent.resources),
    flows: rekey(
      fresh.flows.map((flow, index) => {
        const before = sent.flows[index];
        return before ? { ...flow, request: rekey(flow.request, before.request), response: rekey(flow.response, before.response) } : flow;
      }),
      sent.flows,
    ),
  };
}

/** Returns the endpoints without the secrets that `sent` contained. */
function endpointsWithoutSentSecrets(copy: WorkingCopy, sent: WorkingCopy): Definition["endpoints"] {
  const now = { ...copy, endpoints: structuredClone(copy.endpoints), flows: [], resources: [] };
  const sentValues = new Map(secretSlots({ ...sent, resources: [] }, registry).map(({ key, value }) => [key, value]));
  for (const slot of secretSlots(now, registry)) if (slot.value === sentValues.get(slot.key)) slot.clear();
  return now.endpoints;
}

/** Returns a configuration without the secrets that were sent. */
function withoutSent(
  described: { schema: z.ZodObject } | undefined,
  config: Record<string, unknown>,
  sent: Record<string, unknown>,
): Record<string, unknown> {
  const gone = new Set(secretFieldsOf(described).flatMap(({ field }) => (config[field] === sent[field] ? [field] : [])));
  return Object.fromEntries(Object.entries(config).filter(([field]) => !gone.has(field)));
}

/** Removes the secrets that `sent` contained from a copy edited during the save. */
export function withoutSentSecrets(copy: WorkingCopy, sent: WorkingCopy): WorkingCopy {
  const sentConfigs = new Map(sent.resources.map((resource) => [resource.key, resource]));
  const sentSteps = new Map(sent.flows.flatMap((flow) => [...flow.request, ...flow.response].map((step) => [step.key, step])));
  const stepWithoutSent = (step: StepItem): StepItem => {
    const policy = policyOf(registry, step.policy);
    const before = sentSteps.get(step.key);
    if (!before || before.policy !== step.policy || secretFieldsOf(policy).length === 0) return step;
    return { ...step, config: withoutSent(policy, step.config, before.config) };
  };
  return {
    ...copy,
    endpoints: endpointsWithoutSentSecrets(copy, sent),
    resources: copy.resources.map((resource) => {
      const before = sentConfigs.get(resource.key);
      if (!before || before.type !== resource.type) return resource;
      return { ...resource, config: withoutSent(resourceTypeOf(registry, resource.type), resource.config, before.config) };
    }),
    flows: copy.flows.map((flow) => ({
      ...flow,
      request: flow.request.map(stepWithoutSent),
      response: flow.response.map(stepWithoutSent),
    })),
  };
}
