import type { z } from "zod";
import { type FieldMeta, fieldMeta } from "@/lib/definition/registry";

/** The additional properties of each kind of field. */
interface FieldKinds {
  text: { isUrl: boolean; isCalled: boolean; isMultiline: boolean; isPem: boolean };
  number: { unit: string | undefined };
  boolean: object;
  enum: { choices: readonly string[] };
  "enum-list": { choices: readonly string[] };
  "string-list": { spacesAllowed: boolean };
  scopes: object;
  "header-list": object;
  resource: { resourceTypes: readonly string[] | undefined };
  server: object;
  secret: { isMultiline: boolean };
  object: { fields: readonly Field[] };
}

export type FieldKind = keyof FieldKinds;

interface FieldBase {
  key: string;
  label: string;
  description: string | undefined;
  placeholder: string | undefined;
  isAdvanced: boolean;
  showIf: FieldMeta["showIf"];
  /** The default value; undefined if none. */
  defaultValue: unknown;
  /** Whether it can be absent without a default. */
  isOptional: boolean;
  /** Whether "" is a valid value; otherwise clearing an optional field removes it. */
  emptyIsValue: boolean;
}

/** One form field derived from a zod object, independent of React. */
export type Field<K extends FieldKind = FieldKind> = { [P in K]: FieldBase & { kind: P } & FieldKinds[P] }[K];

interface Unwrapped {
  core: z.ZodType;
  isOptional: boolean;
  defaultValue: unknown;
}

/** Unwraps `optional`, `default`, `prefault`, `nullable`, and `readonly`, and returns what they declare. */
function unwrap(schema: z.ZodType): Unwrapped {
  const result: Unwrapped = { core: schema, isOptional: false, defaultValue: undefined };
  for (;;) {
    const def = result.core.def as { type: string; innerType?: z.ZodType; defaultValue?: unknown };
    if (!def.innerType) return result;
    if (def.type === "optional") result.isOptional = true;
    if ((def.type === "default" || def.type === "prefault") && result.defaultValue === undefined) result.defaultValue = def.defaultValue;
    result.core = def.innerType;
  }
}

const UNITS: Record<string, string> = { ms: "ms", milliseconds: "ms", seconds: "s", minutes: "min", bytes: "B" };

/** Splits a unit in parentheses from a title: "Timeout (ms)" is "Timeout" in "ms". */
export function splitUnit(title: string): { label: string; unit: string | undefined } {
  const match = /^(.*\S)\s*\(([a-z]+)\)$/.exec(title);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  return unit === undefined || match?.[1] === undefined ? { label: title, unit: undefined } : { label: match[1], unit };
}

/** Splits "cacheTtl" into words, for fields without a title. */
function words(key: string): string {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

function kindOf(
  core: z.ZodType,
  meta: FieldMeta,
  unit: string | undefined,
): { [P in FieldKind]: { kind: P } & FieldKinds[P] }[FieldKind] | undefined {
  const def = core.def as { type: string; element?: z.ZodType; entries?: Record<string, string>; shape?: z.ZodRawShape };
  switch (def.type) {
    case "string":
      if (meta.secret) return { kind: "secret", isMultiline: meta.ui === "text-area" };
      if (meta.ui === "resource") return { kind: "resource", resourceTypes: meta.resourceTypes };
      if (meta.ui === "server") return { kind: "server" };
      return {
        kind: "text",
        isUrl: /^https?:\/\//.test(meta.placeholder ?? ""),
        isCalled: meta.called ?? false,
        isMultiline: meta.ui === "text-area",
        isPem: meta.placeholder?.startsWith("-----BEGIN ") ?? false,
      };
    case "number":
      return { kind: "number", unit: meta.ui === "seconds" ? "s" : unit };
    case "boolean":
      return { kind: "boolean" };
    case "enum":
      return { kind: "enum", choices: Object.values(def.entries ?? {}) };
    case "object":
      return { kind: "object", fields: describeShape(def.shape ?? {}) };
    case "array":
      return def.element && kindOfList(def.element, meta);
    default:
      return undefined;
  }
}

function kindOfList(element: z.ZodType, meta: FieldMeta): { [P in FieldKind]: { kind: P } & FieldKinds[P] }[FieldKind] | undefined {
  const def = element.def as { type: string; entries?: Record<string, string> };
  if (meta.ui === "header-list" && def.type === "object") return { kind: "header-list" };
  if (def.type === "enum") return { kind: "enum-list", choices: Object.values(def.entries ?? {}) };
  if (def.type !== "string") return undefined;
  return meta.ui === "scopes" ? { kind: "scopes" } : { kind: "string-list", spacesAllowed: accepts(element, "a b") };
}

function describeShape(shape: z.ZodRawShape): Field[] {
  return Object.entries(shape).map(([key, schema]) => {
    const type = schema as z.ZodType;
    const meta = fieldMeta(type);
    const { core, isOptional, defaultValue } = unwrap(type);
    const { label, unit } = splitUnit(meta.title ?? words(key));
    const kind = kindOf(core, meta, unit);
    if (!kind) throw new Error(`No form field for ${key}: unsupported type ${core.def.type}.`);
    const base: FieldBase = {
      key,
      label,
      description: meta.description,
      placeholder: meta.placeholder,
      isAdvanced: meta.group === "advanced",
      showIf: meta.showIf,
      defaultValue,
      isOptional: isOptional && !meta.required,
      emptyIsValue: accepts(core, ""),
    };
    return { ...base, ...kind };
  });
}

/**
 * Returns the form fields of a zod object, in the schema's order. @throws Error for an unsupported type
 */
export function describeFields(schema: z.ZodObject): Field[] {
  return describeShape(schema.shape);
}
