"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useDeleteAuthorizationServer } from "@/components/data/authorization";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-body";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** The end of an authorization server. The default one is always there. */
export function ServerDeleteSection({ server }: { server: AuthorizationServerView }) {
  const router = useRouter();
  const remove = useDeleteAuthorizationServer(server.id);
  const [isOpen, setIsOpen] = useState(false);
  if (server.isDefault) {
    return (
      <Section title="Delete" description="The default authorization server is always there. It can be switched off.">
        {null}
      </Section>
    );
  }
  return (
    <Section
      title="Delete"
      description="Removes it with its scopes, claims, access policies and keys. This cannot be undone, and is refused while anything uses it."
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
          Tokens of it stop verifying at once.
        </DeleteDialog>
      )}
    </Section>
  );
}
