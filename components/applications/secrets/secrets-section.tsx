"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { useDeleteSecret } from "@/components/data/authorization";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-body";
import { useNow } from "@/components/ui/use-now";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { AddSecretDialog } from "./add-secret-dialog";
import { ClientSecretDialog } from "./client-secret-dialog";
import { workingSecrets } from "./secret-life";
import { type Secret, SecretTable } from "./secret-table";

const SECRETS_MAX = 2;

/** Manages an application's secrets: at most two, to rotate without downtime. */
export function SecretsSection({ application }: { application: ApplicationView }) {
  const remove = useDeleteSecret(application.id);
  const now = useNow(false);
  const [isAdding, setIsAdding] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Secret | null>(null);
  const isFull = workingSecrets(application.secrets, now).length >= SECRETS_MAX;

  return (
    <Section
      title="Client secrets"
      description={
        isFull
          ? "Maximum: 2 secrets. Once the application uses the new one, delete the other; check Last used first."
          : "To rotate without downtime, add a second secret, configure it in the application, then delete the first."
      }
      actions={
        <Button icon={<Plus aria-hidden className="size-4" />} isDisabled={isFull} onPress={() => setIsAdding(true)}>
          Add secret
        </Button>
      }
    >
      {application.secrets.length === 0 ? (
        <p className="border-line border-y py-4 text-muted">No secret. Add one for the application to get tokens.</p>
      ) : (
        <SecretTable secrets={application.secrets} now={now} onDelete={setDeleting} />
      )}
      {isAdding && (
        <AddSecretDialog
          application={application}
          onAdded={(clientSecret) => {
            setIsAdding(false);
            setShown(clientSecret);
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
      {shown !== null && (
        <ClientSecretDialog
          title="Save the new client secret"
          application={application}
          clientSecret={shown}
          onAcknowledge={() => setShown(null)}
        />
      )}
      {deleting && (
        <DeleteDialog
          what={`The secret ending in ${deleting.hint}`}
          confirmLabel="Delete secret"
          isPending={remove.isPending}
          onDelete={() => remove.mutateAsync(deleting.id)}
          onClose={() => setDeleting(null)}
        >
          Clients that use it get no new tokens. Their current tokens stay valid until they expire.
        </DeleteDialog>
      )}
    </Section>
  );
}
