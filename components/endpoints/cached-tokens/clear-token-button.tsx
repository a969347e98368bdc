"use client";

import { useState } from "react";
import { messageOf } from "@/components/data/client";
import { useDropToken } from "@/components/data/endpoints";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import type { EnvironmentName } from "@/lib/definition/schema";

/** Clears an endpoint's cached token on every gateway, after confirmation. */
export function ClearTokenButton({ apiId, environment }: { apiId: string; environment: EnvironmentName }) {
  const [isOpen, setIsOpen] = useState(false);
  const drop = useDropToken(apiId);
  function setOpen(next: boolean) {
    if (!next) drop.reset();
    setIsOpen(next);
  }
  return (
    <>
      <Button size="small" onPress={() => setOpen(true)}>
        Clear {environment} token
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Clear the ${environment} token?`}
        confirmLabel="Clear token"
        tone="danger"
        isPending={drop.isPending}
        onConfirm={() =>
          drop.mutate(environment, {
            onSuccess: () => {
              notify.done(`${environment === "production" ? "Production" : "Sandbox"} token cleared`, {
                description: "The next request fetches a new one.",
              });
              setOpen(false);
            },
          })
        }
      >
        <p>Gateways clear it and fetch a new one on demand. If it leaked, revoke it at its issuer.</p>
        {drop.error && (
          <Banner meaning="failing" isAlert title="The token wasn't cleared.">
            {messageOf(drop.error)}
          </Banner>
        )}
      </ConfirmDialog>
    </>
  );
}
