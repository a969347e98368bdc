import { useAuthorizationServers, useScopes } from "@/components/data/authorization";
import { useDraftEditor } from "@/components/draft/draft-editor";
import type { StepItem } from "@/components/draft/working-copy";
import type { SchemaFormOptions } from "@/components/schema-form/editor-props";
import { registry } from "@/lib/gateway/schemas";

/** What a step's form can choose from: this API's resources, and the scopes of the authorization server that the step uses, where that is one of ours. */
export function useFormOptions(step: StepItem, onAddResource: () => void): SchemaFormOptions {
  const { copy } = useDraftEditor();
  const servers = useAuthorizationServers();
  const resource = copy.resources.find(({ name }) => name === step.config.resource);
  const serverId = resource?.type === "oauth2-builtin" ? String(resource.config.server ?? "default") : undefined;
  const scopes = useScopes(serverId ?? "", serverId !== undefined);
  return {
    resources: copy.resources.map(({ name, type }) => {
      const title = registry.resources.find((descriptor) => descriptor.type === type)?.title;
      return { name, type, ...(title ? { title } : {}) };
    }),
    servers: servers.data ?? [],
    scopes: serverId === undefined ? [] : (scopes.data ?? []).map(({ name }) => name),
    onAddResource,
  };
}
