"use client";

import { useState } from "react";
import { useUpdateAuthorizationServer } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** Deactivates and activates an authorization server. */
export function ServerStateSection({ server }: { server: AuthorizationServerView }) {
  const update = useUpdateAuthorizationServer(server.id);
  const [isAsking, setIsAsking] = useState(false);

  async function setEnabled(enabled: boolean) {
    try {
      await update.mutateAsync({ enabled, etag: server.etag });
      notify.done(enabled ? `${server.name} is active` : `${server.name} is inactive`);
      setIsAsking(false);
    } catch (error) {
      notify.failed(enabled ? "The authorization server wasn't activated" : "The authorization server wasn't deactivated", {
        description: messageOf(error),
      });
    }
  }

  return (
    <Section
      title="State"
      description={
        server.enabled
          ? "Active. It issues tokens, and gateways accept them."
          : "Inactive. It issues no tokens, and gateways reject its tokens."
      }
    >
      <div>
        {server.enabled ? (
          <Button onPress={() => setIsAsking(true)}>Deactivate authorization server</Button>
        ) : (
          <Button isPending={update.isPending} onPress={() => void setEnabled(true)}>
            Activate authorization server
          </Button>
        )}
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Deactivate ${server.name}?`}
        confirmLabel="Deactivate authorization server"
        tone="danger"
        isPending={update.isPending}
        onConfirm={() => void setEnabled(false)}
      >
        Its applications get no new tokens. Within a second, every gateway rejects their current tokens until you activate it again.
      </ConfirmDialog>
    </Section>
  );
}
