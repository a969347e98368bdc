"use client";

import { useState } from "react";
import { useDeleteDocument } from "@/components/data/access";
import { ApiProblem, messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { count } from "@/components/ui/count";
import { Dialog } from "@/components/ui/dialog";
import { KeyValues } from "@/components/ui/key-values";
import { notify } from "@/components/ui/notify";
import { When } from "@/components/ui/when";
import type { ApiDocumentView } from "@/lib/management/contract/access";

interface AttachedDocumentProps {
  apiId: string;
  document: ApiDocumentView;
  onReplace: () => void;
}

/** Shows the attached document with its warnings and actions. */
export function AttachedDocument({ apiId, document, onReplace }: AttachedDocumentProps) {
  const [isShown, setIsShown] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  const remove = useDeleteDocument(apiId);

  async function removeDocument() {
    try {
      await remove.mutateAsync();
      notify.done("OpenAPI document removed");
      setIsRemoving(false);
    } catch (error) {
      notify.failed("The document wasn't removed", {
        description: error instanceof ApiProblem && error.requestId ? `${error.message} Request ${error.requestId}.` : messageOf(error),
      });
    }
  }

  return (
    <div className="flex max-w-220 flex-col gap-4">
      <KeyValues
        items={[
          { label: "Title", value: document.title || "None" },
          { label: "Version", value: document.version || "None" },
          { label: "Format", value: `OpenAPI ${document.specification}` },
          { label: "Operations", value: document.operations.length },
          {
            label: "Attached",
            value: (
              <>
                By {document.updatedBy}, <When at={document.updatedAt} />
              </>
            ),
          },
        ]}
      />
      {document.warnings.length > 0 && (
        <Banner meaning="pending" title={`${count(document.warnings.length, "part")} couldn't be read as an operation.`}>
          <ul className="max-h-40 overflow-y-auto">
            {document.warnings.map((warning) => (
              <li key={warning} className="[overflow-wrap:anywhere]">
                {warning}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onPress={onReplace}>Replace document</Button>
        <Button variant="quiet" onPress={() => setIsShown(true)}>
          Show document
        </Button>
        <Button variant="quiet" onPress={() => setIsRemoving(true)}>
          Remove document
        </Button>
      </div>
      <Dialog isOpen={isShown} onOpenChange={setIsShown} title={document.title || "OpenAPI document"} width="large">
        <CodeBlock label="OpenAPI document" code={document.text} maxHeight={false} />
      </Dialog>
      <ConfirmDialog
        isOpen={isRemoving}
        onOpenChange={setIsRemoving}
        title="Remove the OpenAPI document?"
        confirmLabel="Remove document"
        tone="danger"
        isPending={remove.isPending}
        onConfirm={() => void removeDocument()}
      >
        Deployments don't change. Operations that only the document lists disappear, and its text is deleted.
      </ConfirmDialog>
    </div>
  );
}
