import { useAuthorizationServers, useScopes } from "@/components/data/authorization";
import { useDraftEditor } from "@/components/draft/draft-editor";
import type { StepItem } from "@/components/draft/working-copy";
import type { SchemaFormOptions } from "@/components/schema-form/editor-props";
import { namesIn, ownServerOf, policyOf, resourceFieldsOf, resourceTypeOf } from "@/lib/definition/requirements";
import { registry } from "@/lib/gateway/schemas";

/** Returns the choices of a step's form: the API's resources, and the scopes of its Gatewright authorization server. */
export function useFormOptions(step: StepItem, onAddResource: () => void): SchemaFormOptions {
  const { copy } = useDraftEditor();
  const servers = useAuthorizationServers();
  const names = resourceFieldsOf(policyOf(registry, step.policy)).flatMap((field) => namesIn(step.config[field]));
  const resource = copy.resources.find(({ name }) => names.includes(name));
  const serverId = resource && ownServerOf(resource, registry);
  const scopes = useScopes(serverId ?? "", serverId !== undefined);
  return {
    resources: copy.resources.map(({ name, type }) => {
      const title = resourceTypeOf(registry, type)?.title;
      return { name, type, ...(title ? { title } : {}) };
    }),
    servers: servers.data ?? [],
    scopes: serverId === undefined ? [] : (scopes.data ?? []).map(({ name }) => name),
    onAddResource,
  };
}
