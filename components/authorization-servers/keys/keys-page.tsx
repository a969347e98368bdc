"use client";

import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { messageOf } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { useDeleteKey, useKeys, useRotateKeys } from "@/components/data/server-rules";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { SigningKeyView } from "@/lib/management/contract/authorization";
import { useServer } from "../server-context";
import { KeyTable } from "./key-table";
import { RotationSection } from "./rotation-section";

/** Manages an authorization server's signing keys and their rotation. */
export function KeysPage() {
  const server = useServer();
  const keys = useKeys(server.id);
  const rotate = useRotateKeys(server.id);
  const remove = useDeleteKey(server.id);
  const [isRotating, setIsRotating] = useState(false);
  const [deleting, setDeleting] = useState<SigningKeyView | null>(null);

  async function rotateKeys() {
    try {
      await rotate.mutateAsync();
      notify.done("Keys rotated");
      setIsRotating(false);
    } catch (error) {
      notify.failed("The keys weren't rotated", { description: messageOf(error) });
    }
  }

  return (
    <PageBody>
      <Section
        title="Keys"
        description="Keys that sign its tokens. Private keys are stored encrypted and never exported."
        actions={
          <Button variant="primary" icon={<RefreshCw aria-hidden className="size-4" />} onPress={() => setIsRotating(true)}>
            Rotate keys
          </Button>
        }
      >
        {keys.data ? (
          <KeyTable keys={keys.data} onDelete={setDeleting} />
        ) : keys.isError ? (
          <LoadFailure title="Couldn't load the keys." query={keys} />
        ) : (
          <SkeletonRows rows={3} label="Loading the keys" />
        )}
      </Section>
      <RotationSection server={server} />
      <ConfirmDialog
        isOpen={isRotating}
        onOpenChange={setIsRotating}
        title="Rotate the keys?"
        confirmLabel="Rotate keys"
        isPending={rotate.isPending}
        onConfirm={() => void rotateKeys()}
      >
        The next key starts signing immediately. The current key stays published until its tokens expire, so no request fails.
      </ConfirmDialog>
      {deleting && (
        <DeleteDialog
          what={`The key ${deleting.kid}`}
          confirmLabel="Delete key"
          isPending={remove.isPending}
          onDelete={() => remove.mutateAsync(deleting.kid)}
          onClose={() => setDeleting(null)}
        >
          Gateways reject its tokens. Delete it only if compromised.
        </DeleteDialog>
      )}
    </PageBody>
  );
}
