import { z } from "zod";
import type { PolicyDescriptor, Requirement, StepFact } from "./registry";

/** A configuration that may be incomplete: each field has a value that its schema accepts, or its default, or is missing. */
export type Loose<S extends z.ZodObject> = Partial<z.output<S>>;

/** A policy as its `schema.ts` describes it, over the types of its own schema. */
export interface PolicyDescription<S extends z.ZodObject>
  extends Omit<PolicyDescriptor, "schema" | "sentence" | "requires" | "reads" | "writes"> {
  schema: S;
  sentence(config: Loose<S>): string;
  /** Left out by policies that ask nothing of callers. */
  requires?(config: Loose<S>): readonly Requirement[];
  reads?(config: Loose<S>): readonly StepFact[];
  writes?(config: Loose<S>): readonly StepFact[];
}

/** The members of a list that its schema accepts. */
function validMembers(schema: z.ZodType, value: unknown): unknown[] | undefined {
  let core = schema;
  while ("innerType" in core.def) core = core.def.innerType as z.ZodType;
  if (!(core instanceof z.ZodArray) || !Array.isArray(value)) return undefined;
  const element = core.element as z.ZodType;
  return value.flatMap((member) => {
    const parsed = element.safeParse(member);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Reads a configuration field by field, so that one wrong field hides no other. */
export function looseConfig<S extends z.ZodObject>(schema: S, config: Readonly<Record<string, unknown>>): Loose<S> {
  const whole = schema.safeParse(config);
  if (whole.success) return whole.data as Loose<S>;
  const read = Object.entries(schema.shape).flatMap(([field, type]) => {
    const fieldSchema = type as z.ZodType;
    const parsed = fieldSchema.safeParse(config[field]);
    if (parsed.success) return [[field, parsed.data] as const];
    const members = validMembers(fieldSchema, config[field]);
    if (members) return [[field, members] as const];
    const fallback = fieldSchema.safeParse(undefined);
    return fallback.success ? [[field, fallback.data] as const] : [];
  });
  return Object.fromEntries(read) as Loose<S>;
}

/** Makes a policy's descriptor. Its functions get what can be read of a configuration, however incomplete that is. */
export function describePolicy<S extends z.ZodObject>(description: PolicyDescription<S>): PolicyDescriptor {
  const { schema } = description;
  return {
    ...description,
    sentence: (config) => description.sentence(looseConfig(schema, config)),
    requires: (config) => description.requires?.(looseConfig(schema, config)) ?? [],
    reads: (config) => description.reads?.(looseConfig(schema, config)) ?? [],
    writes: (config) => description.writes?.(looseConfig(schema, config)) ?? [],
  };
}
