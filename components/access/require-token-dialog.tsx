"use client";

import { useMemo, useState } from "react";
import { usableResourceTypes } from "@/components/draft/edits";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Dialog } from "@/components/ui/dialog";
import { Select } from "@/components/ui/select";
import { requireTokenForEverything } from "@/lib/definition/access-changes";
import { tokenPolicyOf } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { ChangePreview } from "./change-preview";
import { type DraftChange, draftChange } from "./draft-change";

interface RequireTokenDialogProps {
  apiId: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** The draft as it is being edited. */
  edited: Definition;
  onApply: (change: DraftChange) => void;
}

/** Previews the changes that make every operation require a token, then applies them to the draft on confirmation. */
export function RequireTokenDialog({ apiId, isOpen, onOpenChange, edited, onApply }: RequireTokenDialogProps) {
  const resources = useMemo(() => {
    const types = usableResourceTypes(tokenPolicyOf(registry)?.id ?? "");
    return edited.resources.filter(({ type }) => types.includes(type));
  }, [edited]);
  const [chosen, setChosen] = useState<string | null>(null);
  const resource = resources.find(({ name }) => name === chosen)?.name ?? (resources.length === 1 ? resources[0]?.name : undefined);
  const change = useMemo(
    () => (isOpen && resource !== undefined ? draftChange(edited, requireTokenForEverything(edited, { resource }, registry)) : null),
    [isOpen, edited, resource],
  );
  const titleOf = (type: string) => registry.resources.find((descriptor) => descriptor.type === type)?.title ?? type;
  const isDone = change?.changes.length === 0;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Require a token for all operations"
      description="Only requests with a valid access token reach the backend. Review the change; nothing is saved yet."
      width="large"
      footer={
        <>
          <Button onPress={() => onOpenChange(false)}>Cancel</Button>
          {resources.length === 0 ? (
            <ButtonLink href={`/apis/${apiId}/resources`} variant="primary">
              Add a resource
            </ButtonLink>
          ) : (
            <Button variant="primary" isDisabled={!change || isDone} onPress={() => change && onApply(change)}>
              Require token
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {resources.length === 0 && <p>No resource checks tokens yet. Add an authorization server to the API's resources first.</p>}
        {resources.length > 1 && (
          <Select
            label="Resource that checks tokens"
            options={resources.map(({ name, type }) => ({ id: name, label: name, description: titleOf(type) }))}
            value={resource ?? null}
            onChange={setChosen}
            placeholder="Choose a resource"
          />
        )}
        {change && <ChangePreview edited={edited} change={change} nothing="No change needed: every request already needs a token." />}
      </div>
    </Dialog>
  );
}
