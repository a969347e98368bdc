"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useApi, useDeleteApi } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";

interface DeleteSectionProps {
  apiId: string;
  name: string;
  /** Called before navigation leaves the API's pages. */
  onDeleted?: () => void;
}

/** Deletes an API. */
export function DeleteSection({ apiId, name, onDeleted }: DeleteSectionProps) {
  const api = useApi(apiId);
  const router = useRouter();
  const remove = useDeleteApi(apiId);
  const [isOpen, setIsOpen] = useState(false);
  const active = api.data?.activeDeployment;

  async function deleteApi() {
    try {
      await remove.mutateAsync();
    } catch (error) {
      notify.failed("The API wasn't deleted", {
        description: error instanceof ApiProblem && error.requestId ? `${error.message} Request ${error.requestId}.` : messageOf(error),
      });
      return;
    }
    setIsOpen(false);
    onDeleted?.();
    notify.done(`${name} deleted`);
    router.push("/apis");
  }

  return (
    <Section title="Delete" description="Deletes the API with its draft, deployments, and stored secrets. Can't be undone.">
      <div>
        <Button variant="danger" onPress={() => setIsOpen(true)}>
          Delete API
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Delete ${name}?`}
        confirmLabel="Delete API"
        tone="danger"
        typeToConfirm={name}
        isPending={remove.isPending}
        onConfirm={() => void deleteApi()}
      >
        {active ? `Gateways stop serving deployment ${active.number}: clients get 404 immediately.` : "It isn't deployed."} Its history and
        secrets are deleted.
      </ConfirmDialog>
    </Section>
  );
}
