import { type Definition, METHODS } from "./schema";
import type { SecretReferences } from "./secret-slot";

const byMethodOrder = (methods: readonly string[]) =>
  [...new Set(methods)].sort((a, b) => METHODS.indexOf(a as (typeof METHODS)[number]) - METHODS.indexOf(b as (typeof METHODS)[number]));

/**
 * The canonical form of a definition: methods are sets, so they are sorted and deduplicated. Other lists keep their order.
 */
export function canonicalDefinition(definition: Definition): Definition {
  const { headers, ...rest } = definition;
  return {
    ...rest,
    // An empty list means the same as its absence.
    ...(headers && headers.allowOtherNames.length > 0 ? { headers } : {}),
    cors: { ...definition.cors, allowMethods: byMethodOrder(definition.cors.allowMethods) as Definition["cors"]["allowMethods"] },
    flows: definition.flows.map((flow) => ({
      ...flow,
      match: { ...flow.match, methods: byMethodOrder(flow.match.methods) as Definition["flows"][number]["match"]["methods"] },
    })),
  };
}

/** JSON with sorted keys and without undefined values: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The input of a definition's hash: its canonical form and the versions of its secrets. */
export function hashInput(definition: Definition, references: SecretReferences): string {
  return canonicalJson({ definition: canonicalDefinition(definition), secrets: references });
}
