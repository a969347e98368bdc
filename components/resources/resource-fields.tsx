"use client";

import { useAuthorizationServers } from "@/components/data/authorization";
import type { ResourceItem } from "@/components/draft/working-copy";
import { SchemaForm } from "@/components/schema-form/schema-form";
import { messageAt } from "@/components/schema-form/values";
import { TextField } from "@/components/ui/text-field";
import type { Problem } from "@/lib/definition/problems";
import { resourceTypeOf } from "./new-resource";

interface ResourceFieldsProps {
  resource: ResourceItem;
  onChange: (change: Partial<Pick<ResourceItem, "name" | "config">>) => void;
  /** Paths are relative to the resource: `name`, `config.clientId`. */
  problems: readonly Problem[];
  /** Paths of stored secrets, relative to the resource. */
  storedSecrets?: readonly string[];
}

/** Edits a resource's name and configuration. */
export function ResourceFields({ resource, onChange, problems, storedSecrets = [] }: ResourceFieldsProps) {
  const servers = useAuthorizationServers();
  const descriptor = resourceTypeOf(resource.type);
  return (
    <>
      <TextField
        label="Name"
        maxLength={60}
        autoComplete="off"
        value={resource.name}
        onChange={(name) => onChange({ name })}
        errorMessage={messageAt(problems, "name")}
        description="Steps refer to the resource by this name."
      />
      {descriptor && (
        <SchemaForm
          schema={descriptor.schema}
          value={resource.config}
          onChange={(config) => onChange({ config })}
          problems={problems}
          basePath="config"
          storedSecrets={storedSecrets}
          options={{ servers: servers.data ?? [] }}
        />
      )}
    </>
  );
}
