"use client";

import { useMemo } from "react";
import { methodWord, operationName } from "@/components/openapi/operation-words";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { allowAnonymous } from "@/lib/definition/access-changes";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import type { AccessOperationView } from "@/lib/management/contract/access";
import { ChangePreview } from "./change-preview";
import { type DraftChange, draftChange } from "./draft-change";

interface AllowAnonymousDialogProps {
  /** The operation to open; null while the dialog is closed. */
  operation: AccessOperationView | null;
  onClose: () => void;
  /** The draft as it is being edited. */
  edited: Definition;
  onApply: (operation: AccessOperationView, change: DraftChange) => void;
}

/** Previews the changes that let one operation accept anonymous requests, then applies them to the draft on confirmation. */
export function AllowAnonymousDialog({ operation, onClose, edited, onApply }: AllowAnonymousDialogProps) {
  const change = useMemo(
    () => operation && draftChange(edited, allowAnonymous(edited, { method: operation.method, path: operation.path }, registry)),
    [operation, edited],
  );
  const isDone = change?.changes.length === 0;
  return (
    <Dialog
      isOpen={operation !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Allow anonymous requests"
      description={
        operation && (
          <>
            <span className="mono [overflow-wrap:anywhere]">{operationName(operation)}</span> will accept requests without a token. Review
            the change; nothing is saved yet.
          </>
        )
      }
      width="large"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!change || isDone} onPress={() => operation && change && onApply(operation, change)}>
            Allow anonymous requests
          </Button>
        </>
      }
    >
      {operation && change && (
        <div className="flex flex-col gap-5">
          {operation.isWrite && !isDone && (
            <Banner meaning="open" title={`${methodWord(operation.method)} can change data.`}>
              Anyone who reaches a gateway can call it.
            </Banner>
          )}
          <ChangePreview edited={edited} change={change} nothing="No change needed: it already accepts anonymous requests." />
        </div>
      )}
    </Dialog>
  );
}
