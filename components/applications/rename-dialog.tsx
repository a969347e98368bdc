"use client";

import { type FormEvent, useId, useState } from "react";
import { useUpdateApplication } from "@/components/data/authorization";
import { messageOf, problemsIn } from "@/components/data/client";
import { useSeenEtag } from "@/components/data/use-seen-etag";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/text-field";
import type { ApplicationView } from "@/lib/management/contract/authorization";

/** Renames an application. Its client ID doesn't change. */
export function RenameDialog({ application, onOpenChange }: { application: ApplicationView; onOpenChange: (isOpen: boolean) => void }) {
  const update = useUpdateApplication(application.id);
  const formId = useId();
  const [name, setName] = useState(application.name);
  const { seenEtag, takeAsSeen } = useSeenEtag(application.etag, application.name, true);

  function submit(event: FormEvent) {
    event.preventDefault();
    update.mutate({ name, etag: seenEtag }, { onSuccess: () => onOpenChange(false), onError: takeAsSeen });
  }

  return (
    <Dialog
      isOpen
      onOpenChange={onOpenChange}
      title="Rename application"
      width="small"
      footer={
        <>
          <Button onPress={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={update.isPending}>
            Rename application
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <TextField
          label="Name"
          autoFocus
          autoComplete="off"
          value={name}
          onChange={setName}
          errorMessage={update.error ? (problemsIn(update.error)[0]?.message ?? messageOf(update.error)) : undefined}
        />
      </form>
    </Dialog>
  );
}
