"use client";

import { useState } from "react";
import { useUpdateAuthorizationServer } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** Switches an authorization server off, and on again. */
export function ServerStateSection({ server }: { server: AuthorizationServerView }) {
  const update = useUpdateAuthorizationServer(server.id);
  const [isAsking, setIsAsking] = useState(false);

  async function setEnabled(enabled: boolean) {
    try {
      await update.mutateAsync({ enabled, etag: server.etag });
      notify.done(enabled ? `${server.name} is active` : `${server.name} is switched off`);
      setIsAsking(false);
    } catch (error) {
      notify.failed(enabled ? "The authorization server was not switched on" : "The authorization server was not switched off", {
        description: messageOf(error),
      });
    }
  }

  return (
    <Section
      title="State"
      description={
        server.enabled
          ? "Active: it issues tokens, and gateways accept them."
          : "Switched off: it issues no token, and gateways refuse those that it issued."
      }
    >
      <div>
        {server.enabled ? (
          <Button onPress={() => setIsAsking(true)}>Switch off authorization server</Button>
        ) : (
          <Button isPending={update.isPending} onPress={() => void setEnabled(true)}>
            Switch on authorization server
          </Button>
        )}
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Switch off ${server.name}?`}
        confirmLabel="Switch off"
        tone="danger"
        isPending={update.isPending}
        onConfirm={() => void setEnabled(false)}
      >
        Its applications get no new tokens, and within a second every gateway refuses the tokens that they hold: calls that need one fail
        until you switch it on again.
      </ConfirmDialog>
    </Section>
  );
}
