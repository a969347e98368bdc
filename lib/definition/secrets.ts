import type { z } from "zod";
import { endpointTlsSlots } from "./endpoint-tls";
import type { Problem } from "./problems";
import { type DefinitionRegistry, fieldMeta } from "./registry";
import { policyOf, resourceTypeOf, secretFieldsOf } from "./requirements";
import { type Definition, ENVIRONMENTS, type Flow, type Resource } from "./schema";
import type { SecretReferences, SecretSlot } from "./secret-slot";
import { formerSteps, stepKey } from "./step-secrets";

export type { SecretReferences, SecretSlot } from "./secret-slot";

/** What a person pasted, without what doesn't change a certificate. */
const foldedPem = (pem: string) => pem.replace(/\s+/g, "");

/** The certificates in the fields of an object that decide who receives its secrets. */
function trustedOf(shape: Readonly<Record<string, unknown>> = {}, config: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(shape).flatMap(([field, schema]) =>
    fieldMeta(schema as z.ZodType).trusted ? [typeof config[field] === "string" ? config[field] : ""] : [],
  );
}

function endpointSlots(definition: Definition, registry: DefinitionRegistry): SecretSlot[] {
  return ENVIRONMENTS.flatMap((environment) => {
    const endpoint = definition.endpoints[environment];
    if (!endpoint) return [];
    const security = registry.endpointSecurity.secretSlots(endpoint.security).map(({ slot, path, sentTo, ...rest }) => ({
      ...rest,
      key: `endpoints/${environment}/${slot}`,
      path: `endpoints.${environment}.security.${path}`,
      // The backend gets the secret, or a token that was made with it.
      destinations: sentTo === null ? [endpoint.url] : [endpoint.url, sentTo],
      sentAs: endpoint.security.type,
      trusted: [endpoint.tls?.ca ?? "", ...trustedOf(registry.endpointSecurity.types[endpoint.security.type]?.shape, endpoint.security)],
    }));
    return [...security, ...endpointTlsSlots(environment, endpoint.url, endpoint.tls)];
  });
}

/** The secrets of one configuration: a resource's, or a step's. */
function configSlots(
  described: { schema: z.ZodObject } | undefined,
  { key, path, sentAs, config }: { key: string; path: string; sentAs: string; config: Record<string, unknown> },
): SecretSlot[] {
  return secretFieldsOf(described).map(({ field, meta }) => {
    const value = config[field];
    return {
      key: `${key}/${field}`,
      path: `${path}.config.${field}`,
      title: meta.title ?? field,
      required: meta.required ?? false,
      value: typeof value === "string" ? value : undefined,
      destinations: (meta.sentTo ?? []).map((name) => String(config[name] ?? "")),
      sentAs,
      trusted: trustedOf(described?.schema.shape, config),
      clear() {
        delete config[field];
      },
    };
  });
}

/** Every place of a definition that holds a secret, filled or not. */
export function secretSlots(definition: Definition, registry: DefinitionRegistry): SecretSlot[] {
  return [
    ...endpointSlots(definition, registry),
    ...resourceSecretSlots(definition.resources, registry),
    ...stepSecretSlots(definition.flows, registry),
  ];
}

/** Every place of some resources that holds a secret, filled or not. */
export function resourceSecretSlots(resources: readonly Resource[], registry: DefinitionRegistry): SecretSlot[] {
  return resources.flatMap(({ name, type, config }, index) =>
    configSlots(resourceTypeOf(registry, type), { key: `resources/${name}`, path: `resources[${index}]`, sentAs: type, config }),
  );
}

/** Every place of the steps of some flows that holds a secret, filled or not. */
export function stepSecretSlots(flows: readonly Flow[], registry: DefinitionRegistry): SecretSlot[] {
  return flows.flatMap((flow, flowIndex) =>
    (["request", "response"] as const).flatMap((phase) =>
      flow[phase].flatMap(({ policy, config }, index) =>
        configSlots(policyOf(registry, policy), {
          key: stepKey(flowIndex, phase, index),
          path: `flows[${flowIndex}].${phase}[${index}]`,
          sentAs: policy,
          config,
        }),
      ),
    ),
  );
}

/** The effect of a write on secrets: kept, new, and problems. */
export interface SecretMerge {
  /** The definition without secrets. */
  definition: Definition;
  kept: SecretReferences;
  /** Slot key to the new value. */
  fresh: Map<string, string>;
  /** The paths of stored secrets that have to be entered again; `problems` says why. */
  moved: string[];
  problems: Problem[];
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}

/** Whether some address that receives a secret is at another origin than before, or is one more or fewer. */
const hasMoved = (now: readonly string[], before: readonly string[]) =>
  now.length !== before.length || now.some((url, index) => originOf(url) !== originOf(before[index] ?? ""));

type Bound = Pick<SecretSlot, "destinations" | "sentAs" | "trusted">;

/** Why a stored secret can't fill a slot that says nothing; undefined when it can. */
export function rebindProblem(now: Bound, before: Bound): string | undefined {
  if (now.sentAs !== before.sentAs) return "enter it again, because the authentication type changed.";
  if (hasMoved(now.destinations, before.destinations)) return "enter it again, because a URL that receives it has another origin.";
  const isTrusted =
    now.trusted.length === before.trusted.length &&
    now.trusted.every((pem, index) => foldedPem(pem) === foldedPem(before.trusted[index] ?? ""));
  return isTrusted ? undefined : "enter it again, because the CA certificates that verify its receiver changed.";
}

/** Splits the key of a step's secret into what names the step and the field; null for every other key. */
export function stepOfKey(key: string): { step: string; field: string } | null {
  if (!key.startsWith("flows/")) return null;
  const end = key.lastIndexOf("/");
  return { step: key.slice(0, end), field: key.slice(end + 1) };
}

/** A resource that was renamed and otherwise stayed in its place keeps its secrets under the new name; a step wherever it is now. */
function formerKey(slot: SecretSlot, next: Definition, stored: Definition, steps: ReadonlyMap<string, string>): string | undefined {
  const own = stepOfKey(slot.key);
  if (own) {
    const was = steps.get(own.step);
    return was === undefined ? undefined : `${was}/${own.field}`;
  }
  const [kind, name, field] = slot.key.split("/");
  if (kind !== "resources") return slot.key;
  if (stored.resources.some((resource) => resource.name === name)) return slot.key;
  const index = next.resources.findIndex((resource) => resource.name === name);
  const former = stored.resources[index];
  if (!former || former.type !== next.resources[index]?.type) return undefined;
  if (next.resources.some((resource) => resource.name === former.name)) return undefined;
  return `resources/${former.name}/${field}`;
}

/** The versions of a step's secrets, as text. */
function versionsIn(references: SecretReferences): (step: string) => string {
  const versions = new Map<string, string>();
  for (const [key, version] of Object.entries(references).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = stepOfKey(key);
    if (own) versions.set(own.step, `${versions.get(own.step) ?? ""} ${own.field}=${version}`);
  }
  return (step) => versions.get(step) ?? "";
}

/**
 * Takes the secrets out of a definition that a caller sent and says what becomes of each slot:
 * a typed secret is new; a blank or absent one keeps what is stored, only while every URL that
 * receives it keeps its origin, it is sent in the same way, and the same certificates say who receives it. Otherwise
 * someone who may edit an API could send its secrets to a host of theirs, or in a readable form.
 */
export function mergeSecrets(
  next: Definition,
  stored: { definition: Definition; references: SecretReferences } | null,
  registry: DefinitionRegistry,
): SecretMerge {
  const definition = structuredClone(next);
  const storedSlots = new Map(stored ? secretSlots(stored.definition, registry).map((slot) => [slot.key, slot]) : []);
  const merge: SecretMerge = { definition, kept: {}, fresh: new Map(), moved: [], problems: [] };
  const steps: ReadonlyMap<string, string> = stored
    ? formerSteps(definition, stored.definition, registry, versionsIn(stored.references))
    : new Map();
  for (const slot of secretSlots(definition, registry)) {
    const typed = slot.value;
    slot.clear();
    if (typed) {
      merge.fresh.set(slot.key, typed);
      continue;
    }
    const key = stored ? formerKey(slot, definition, stored.definition, steps) : undefined;
    const reference = key && stored?.references[key];
    const former = key && storedSlots.get(key);
    if (reference && former) {
      const problem = rebindProblem(slot, former);
      if (problem === undefined) merge.kept[slot.key] = reference;
      else {
        merge.moved.push(slot.path);
        merge.problems.push({ path: slot.path, message: `${slot.title}: ${problem}` });
      }
      continue;
    }
    if (slot.required) merge.problems.push({ path: slot.path, message: `${slot.title} is required.` });
  }
  return merge;
}
