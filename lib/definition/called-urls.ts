import type { z } from "zod";
import { type DefinitionRegistry, fieldMeta } from "./registry";
import { policyOf } from "./requirements";
import { type Definition, ENVIRONMENTS } from "./schema";

/** A URL that gateways call, with its path in the definition, for example `endpoints.production.url`. */
export interface CalledUrl {
  path: string;
  url: string;
}

const isFilled = (value: unknown): value is string => typeof value === "string" && value !== "";

function calledFields(path: string, shape: Readonly<Record<string, unknown>>, config: Readonly<Record<string, unknown>>): CalledUrl[] {
  return Object.entries(shape).flatMap(([field, schema]) => {
    const url = config[field];
    const { called, calledUnless } = fieldMeta(schema as z.ZodType);
    if (!called || !isFilled(url) || (calledUnless !== undefined && isFilled(config[calledUnless]))) return [];
    return [{ path: `${path}.${field}`, url }];
  });
}

/** All URLs of a definition that gateways call. */
export function calledUrls(definition: Definition, registry: DefinitionRegistry): CalledUrl[] {
  const endpoints = ENVIRONMENTS.flatMap((environment) => {
    const endpoint = definition.endpoints[environment];
    if (!endpoint) return [];
    const path = `endpoints.${environment}`;
    const { type } = endpoint.security;
    const shape = registry.endpointSecurity.types[type]?.shape ?? {};
    return [{ path: `${path}.url`, url: endpoint.url }, ...calledFields(`${path}.security`, shape, endpoint.security)];
  });
  const resources = definition.resources.flatMap((resource, index) => {
    const shape = registry.resources.find(({ type }) => type === resource.type)?.schema.shape ?? {};
    return calledFields(`resources[${index}].config`, shape, resource.config);
  });
  const steps = definition.flows.flatMap((flow, flowIndex) =>
    (["request", "response"] as const).flatMap((phase) =>
      flow[phase].flatMap(({ policy, config }, index) =>
        calledFields(`flows[${flowIndex}].${phase}[${index}].config`, policyOf(registry, policy)?.schema.shape ?? {}, config),
      ),
    ),
  );
  return [...endpoints, ...resources, ...steps];
}
