"use client";

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useCreateSecret, useDeleteSecret } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ClientSecretDialog } from "./client-secret-dialog";

const SECRETS_MAX = 2;

type Secret = ApplicationView["secrets"][number];

function SecretTable({ secrets, onDelete }: { secrets: readonly Secret[]; onDelete: (secret: Secret) => void }) {
  return (
    <Table label="Client secrets">
      <TableHead>
        <Column>Secret</Column>
        <Column>Created</Column>
        <Column>Last used</Column>
        <Column hideLabel>Actions</Column>
      </TableHead>
      <TableBody>
        {secrets.map((secret) => (
          <Row key={secret.id}>
            <Cell isRowHeader mono>
              ••••{secret.hint}
            </Cell>
            <Cell>
              <When at={secret.createdAt} />
            </Cell>
            <Cell muted={secret.lastUsedAt === null}>{secret.lastUsedAt === null ? "Never" : <When at={secret.lastUsedAt} />}</Cell>
            <Cell align="right">
              <span className="inline-flex">
                <IconButton size="small" label={`Delete secret ending in ${secret.hint}`} onPress={() => onDelete(secret)}>
                  <Trash2 aria-hidden />
                </IconButton>
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** An application's secrets: two at most, so that one can follow the other without a gap. */
export function SecretsSection({ application }: { application: ApplicationView }) {
  const create = useCreateSecret(application.id);
  const remove = useDeleteSecret(application.id);
  const [shown, setShown] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Secret | null>(null);
  const isFull = application.secrets.length >= SECRETS_MAX;

  async function addSecret() {
    try {
      setShown((await create.mutateAsync()).clientSecret);
    } catch (error) {
      notify.failed("No secret was added", { description: messageOf(error) });
    }
  }

  async function deleteSecret(secret: Secret) {
    try {
      await remove.mutateAsync(secret.id);
      notify.done(`Secret ending in ${secret.hint} deleted`);
      setDeleting(null);
    } catch (error) {
      notify.failed("The secret was not deleted", { description: messageOf(error) });
    }
  }

  return (
    <Section
      title="Client secrets"
      description={
        isFull
          ? "There are two, the most an application has. Delete one before you add another."
          : "Add a second one, give it to the program, then delete the first: no call fails in between."
      }
      actions={
        <Button
          icon={<Plus aria-hidden className="size-4" />}
          isDisabled={isFull}
          isPending={create.isPending}
          onPress={() => void addSecret()}
        >
          Add secret
        </Button>
      }
    >
      {application.secrets.length === 0 ? (
        <p className="border-line border-y py-4 text-muted">Without a secret, this application gets no token.</p>
      ) : (
        <SecretTable secrets={application.secrets} onDelete={setDeleting} />
      )}
      {shown !== null && (
        <ClientSecretDialog
          title="Save the new client secret"
          application={application}
          clientSecret={shown}
          onAcknowledge={() => setShown(null)}
        />
      )}
      <ConfirmDialog
        isOpen={deleting !== null}
        onOpenChange={(isOpen) => !isOpen && setDeleting(null)}
        title={`Delete the secret ending in ${deleting?.hint ?? ""}?`}
        confirmLabel="Delete secret"
        tone="danger"
        isPending={remove.isPending}
        onConfirm={() => deleting && void deleteSecret(deleting)}
      >
        Programs that use it get no new tokens from then on. Tokens that they have stay good until they expire.
      </ConfirmDialog>
    </Section>
  );
}
