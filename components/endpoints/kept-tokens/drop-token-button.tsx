"use client";

import { useState } from "react";
import { messageOf } from "@/components/data/client";
import { useDropToken } from "@/components/data/endpoints";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import type { EnvironmentName } from "@/lib/definition/schema";

/** Makes every gateway forget the token of an endpoint, after asking. */
export function DropTokenButton({ apiId, environment }: { apiId: string; environment: EnvironmentName }) {
  const [isOpen, setIsOpen] = useState(false);
  const drop = useDropToken(apiId);
  function setOpen(next: boolean) {
    if (!next) drop.reset();
    setIsOpen(next);
  }
  return (
    <>
      <Button size="small" onPress={() => setOpen(true)}>
        Drop {environment} token
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Drop the ${environment} token?`}
        confirmLabel="Drop token"
        tone="danger"
        isPending={drop.isPending}
        onConfirm={() =>
          drop.mutate(environment, {
            onSuccess: () => {
              notify.done(`The ${environment} token was dropped`, { description: "The next call gets a new one." });
              setOpen(false);
            },
          })
        }
      >
        <p>
          Every gateway forgets it, and the next call waits for a new one. The backend's authorization server is told nothing: revoke the
          token there when it has leaked.
        </p>
        {drop.error && (
          <Banner meaning="failing" isAlert title="The token was not dropped.">
            {messageOf(drop.error)}
          </Banner>
        )}
      </ConfirmDialog>
    </>
  );
}
