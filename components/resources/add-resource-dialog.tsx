"use client";

import { useId, useState } from "react";
import type { ResourceItem, WorkingCopy } from "@/components/draft/working-copy";
import { focusField } from "@/components/schema-form/focus-field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { RadioGroup } from "@/components/ui/radio-group";
import { ownServerTypes } from "@/lib/definition/requirements";
import { registry } from "@/lib/gateway/schemas";
import { newResource, newResourceProblems } from "./new-resource";
import { ResourceFields } from "./resource-fields";

interface AddResourceDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** The types to offer. Default: all. */
  types?: readonly string[];
  copy: WorkingCopy;
  onAdd: (resource: ResourceItem) => void;
}

/** Adds a resource to the draft: type, name, and configuration. */
export function AddResourceDialog({ isOpen, onOpenChange, ...rest }: AddResourceDialogProps) {
  const formId = useId();
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Add resource"
      description="An authorization server that validates clients' tokens."
      footer={
        <>
          <Button onPress={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary">
            Add resource
          </Button>
        </>
      }
    >
      <AddResourceForm formId={formId} {...rest} />
    </Dialog>
  );
}

function AddResourceForm({ formId, types, copy, onAdd }: Omit<AddResourceDialogProps, "isOpen" | "onOpenChange"> & { formId: string }) {
  const offered = registry.resources.filter((descriptor) => !types || types.includes(descriptor.type));
  // A Gatewright authorization server needs no further setup: preselect it.
  const first = offered.find(({ type }) => ownServerTypes(registry).includes(type)) ?? offered[0];
  const [resource, setResource] = useState<ResourceItem | null>(() => (first ? newResource(first.type, copy) : null));
  // Switching types preserves the input of each.
  const [others, setOthers] = useState<Record<string, ResourceItem>>({});
  const [isChecked, setIsChecked] = useState(false);
  if (!resource) return null;
  const problems = isChecked ? newResourceProblems(resource, copy) : [];

  function chooseType(type: string) {
    if (!resource || type === resource.type) return;
    setOthers({ ...others, [resource.type]: resource });
    setResource(others[type] ?? newResource(type, copy));
    setIsChecked(false);
  }

  return (
    <form
      id={formId}
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const [first] = newResourceProblems(resource, copy);
        if (!first) {
          onAdd(resource);
          return;
        }
        setIsChecked(true);
        focusField(first.path);
      }}
    >
      <RadioGroup
        label="Type"
        options={offered.map(({ type, title, summary }) => ({ id: type, label: title, description: summary }))}
        value={resource.type}
        onChange={chooseType}
      />
      <ResourceFields resource={resource} onChange={(change) => setResource({ ...resource, ...change })} problems={problems} />
    </form>
  );
}
