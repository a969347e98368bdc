import type { DefinitionRegistry } from "@/lib/definition/registry";
import { endpointSecurityDescriptor } from "./endpoint-security/descriptor";
import { policyDescriptors } from "./policies/schemas";
import { resourceDescriptors } from "./resources/schemas";

/** What a definition may use: the registry that lib/definition is handed. Safe for the browser. */
export const registry: DefinitionRegistry = {
  policies: policyDescriptors,
  resources: resourceDescriptors,
  endpointSecurity: endpointSecurityDescriptor,
};
