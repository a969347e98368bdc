import type { z } from "zod";
import { fieldMeta, type Phase } from "@/lib/definition/registry";
import { namesIn, policyOf, resourceFieldsOf } from "@/lib/definition/requirements";
import type { Flow, Step } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import {
  bareFlow,
  bareStep,
  type FlowItem,
  keyedFlow,
  keyedStep,
  newKey,
  type ResourceItem,
  type StepItem,
  type WorkingCopy,
} from "./working-copy";

/** A lane: one phase of one flow. */
export interface Lane {
  flowKey: string;
  phase: Phase;
}

type Keyed = { key: string };

/** Inserts an item at an index, clamped to the list. */
export const insertAt = <T>(items: readonly T[], index: number, item: T): T[] => [
  ...items.slice(0, Math.max(0, index)),
  item,
  ...items.slice(Math.max(0, index)),
];

/** Moves the item with a key to index `to`. */
export function moveTo<T extends Keyed>(items: readonly T[], key: string, to: number): T[] {
  const item = items.find((candidate) => candidate.key === key);
  if (!item) return [...items];
  const rest = items.filter((candidate) => candidate.key !== key);
  return insertAt(rest, Math.min(Math.max(0, to), rest.length), item);
}

const replace = <T extends Keyed>(items: readonly T[], key: string, change: (item: T) => T): T[] =>
  items.map((item) => (item.key === key ? change(item) : item));

const without = <T extends Keyed>(items: readonly T[], key: string): T[] => items.filter((item) => item.key !== key);

export const addFlow = (copy: WorkingCopy, flow: FlowItem, index = copy.flows.length): WorkingCopy => ({
  ...copy,
  flows: insertAt(copy.flows, index, flow),
});

export const updateFlow = (copy: WorkingCopy, key: string, change: Partial<Pick<Flow, "name" | "enabled" | "match">>): WorkingCopy => ({
  ...copy,
  flows: replace(copy.flows, key, (flow) => ({ ...flow, ...change })),
});

export const moveFlow = (copy: WorkingCopy, key: string, to: number): WorkingCopy => ({ ...copy, flows: moveTo(copy.flows, key, to) });

export const removeFlow = (copy: WorkingCopy, key: string): WorkingCopy => ({ ...copy, flows: without(copy.flows, key) });

/** Copies a flow with new keys and marks its name as a copy. */
export function flowCopy(flow: FlowItem): FlowItem {
  const twin = keyedFlow(structuredClone(bareFlow(flow)));
  return { ...twin, name: flow.name ? `${flow.name} (copy)`.slice(-120) : "" };
}

const changeLane = (copy: WorkingCopy, lane: Lane, change: (steps: readonly StepItem[]) => StepItem[]): WorkingCopy => ({
  ...copy,
  flows: replace(copy.flows, lane.flowKey, (flow) => ({ ...flow, [lane.phase]: change(flow[lane.phase]) })),
});

export const addStep = (copy: WorkingCopy, lane: Lane, step: StepItem, index: number): WorkingCopy =>
  changeLane(copy, lane, (steps) => insertAt(steps, index, step));

export const updateStep = (copy: WorkingCopy, lane: Lane, key: string, change: Partial<Step>): WorkingCopy =>
  changeLane(copy, lane, (steps) => replace(steps, key, (step) => ({ ...step, ...change })));

export const moveStep = (copy: WorkingCopy, lane: Lane, key: string, to: number): WorkingCopy =>
  changeLane(copy, lane, (steps) => moveTo(steps, key, to));

export const removeStep = (copy: WorkingCopy, lane: Lane, key: string): WorkingCopy =>
  changeLane(copy, lane, (steps) => without(steps, key));

/** Copies a step with a new key. */
export const stepCopy = (step: StepItem): StepItem => keyedStep(structuredClone(bareStep(step)));

/** Creates a step of a policy. Fields without a default stay absent. */
export function newStep(policyId: string): StepItem {
  return { key: newKey(), policy: policyId, enabled: true, config: {} };
}

/** Returns the configuration fields of a policy that refer to resources. */
const resourceFields = (policyId: string): string[] => resourceFieldsOf(policyOf(registry, policyId));

/** Returns the resource types that a policy supports; empty if none. */
export function usableResourceTypes(policyId: string): readonly string[] {
  const policy = policyOf(registry, policyId);
  const [field] = resourceFieldsOf(policy);
  if (!policy || field === undefined) return [];
  return fieldMeta(policy.schema.shape[field] as z.ZodType).resourceTypes ?? registry.resources.map((resource) => resource.type);
}

/** Returns the step with a resource selected in its resource field. */
export function stepUsing(step: StepItem, resourceName: string): StepItem {
  const [field] = resourceFields(step.policy);
  if (!field) return step;
  const isList = Array.isArray(step.config[field]);
  return { ...step, config: { ...step.config, [field]: isList ? [...namesIn(step.config[field]), resourceName] : resourceName } };
}

/** A step that uses a resource, and its position. */
export interface Use {
  flow: FlowItem;
  flowIndex: number;
  phase: Phase;
  step: StepItem;
  stepIndex: number;
}

/** Returns every step that uses a resource. */
export function usesOf(copy: WorkingCopy, resourceName: string): Use[] {
  return copy.flows.flatMap((flow, flowIndex) =>
    (["request", "response"] as const).flatMap((phase) =>
      flow[phase].flatMap((step, stepIndex) =>
        resourceFields(step.policy).some((field) => namesIn(step.config[field]).includes(resourceName))
          ? [{ flow, flowIndex, phase, step, stepIndex }]
          : [],
      ),
    ),
  );
}

export const addResource = (copy: WorkingCopy, resource: ResourceItem, index = copy.resources.length): WorkingCopy => ({
  ...copy,
  resources: insertAt(copy.resources, index, resource),
});

export const removeResource = (copy: WorkingCopy, key: string): WorkingCopy => ({ ...copy, resources: without(copy.resources, key) });

/** Updates a resource. Renames it in every step that uses it, unless another resource has the old name. */
export function updateResource(copy: WorkingCopy, key: string, change: Partial<Omit<ResourceItem, "key" | "type">>): WorkingCopy {
  const before = copy.resources.find((resource) => resource.key === key);
  const resources = replace(copy.resources, key, (resource) => ({ ...resource, ...change }));
  if (!before || change.name === undefined || change.name === before.name) return { ...copy, resources };
  if (before.name === "" || resources.some((resource) => resource.name === before.name)) return { ...copy, resources };
  const rename = (step: StepItem): StepItem => {
    const fields = resourceFields(step.policy).filter((field) => namesIn(step.config[field]).includes(before.name));
    const renamed = (value: unknown) =>
      Array.isArray(value) ? value.map((name) => (name === before.name ? change.name : name)) : change.name;
    return fields.length
      ? { ...step, config: { ...step.config, ...Object.fromEntries(fields.map((field) => [field, renamed(step.config[field])])) } }
      : step;
  };
  return {
    ...copy,
    resources,
    flows: copy.flows.map((flow) => ({ ...flow, request: flow.request.map(rename), response: flow.response.map(rename) })),
  };
}

/** Returns an unused resource name based on `wish`. */
export function freeResourceName(copy: WorkingCopy, wish: string): string {
  const taken = new Set(copy.resources.map((resource) => resource.name));
  if (!taken.has(wish)) return wish;
  let number = 2;
  while (taken.has(`${wish}-${number}`)) number += 1;
  return `${wish}-${number}`;
}
