"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useDeleteAuthorizationServer } from "@/components/data/authorization";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-body";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** Deletes an authorization server. The default one can't be deleted. */
export function ServerDeleteSection({ server }: { server: AuthorizationServerView }) {
  const router = useRouter();
  const remove = useDeleteAuthorizationServer(server.id);
  const [isOpen, setIsOpen] = useState(false);
  if (server.isDefault) {
    return (
      <Section title="Delete" description="You can't delete the default authorization server, but you can deactivate it.">
        {null}
      </Section>
    );
  }
  return (
    <Section
      title="Delete"
      description="Deletes it with its scopes, claims, access policies, and keys. Can't be undone. Not possible while in use."
    >
      <div>
        <Button variant="danger" onPress={() => setIsOpen(true)}>
          Delete authorization server
        </Button>
      </div>
      {isOpen && (
        <DeleteDialog
          what={`The authorization server ${server.name}`}
          confirmLabel="Delete authorization server"
          typeToConfirm={server.name}
          isPending={remove.isPending}
          onDelete={() => remove.mutateAsync(server.etag)}
          onDeleted={() => router.push("/authorization-servers")}
          onClose={() => setIsOpen(false)}
        >
          Gateways reject its tokens immediately.
        </DeleteDialog>
      )}
    </Section>
  );
}
