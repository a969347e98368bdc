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
  /** Called before the API's pages are left. */
  onDeleted?: () => void;
}

/** The end of an API. */
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
      notify.failed("The API was not deleted", {
        description: error instanceof ApiProblem && error.requestId ? `${error.message} Request ${error.requestId}.` : messageOf(error),
      });
      return;
    }
    setIsOpen(false);
    onDeleted?.();
    notify.done(`Deleted ${name}`);
    router.push("/apis");
  }

  return (
    <Section title="Delete" description="Removes the API with its draft, its deployments and its stored secrets. This cannot be undone.">
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
        {active ? `Deployment ${active.number} stops being served: callers get 404 at once.` : "Nothing of it is deployed."} Its history and
        its secrets are lost.
      </ConfirmDialog>
    </Section>
  );
}
