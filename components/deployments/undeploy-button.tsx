"use client";

import { useState } from "react";
import { useUndeploy } from "@/components/data/apis";
import { messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";

/** Undeploys an API after confirmation. */
export function UndeployButton({ apiId, activeNumber }: { apiId: string; activeNumber: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const undeploy = useUndeploy(apiId);
  function setOpen(next: boolean) {
    undeploy.reset();
    setIsOpen(next);
  }
  return (
    <>
      <Button variant="danger" onPress={() => setOpen(true)}>
        Undeploy API
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Undeploy the API?"
        confirmLabel="Undeploy API"
        tone="danger"
        isPending={undeploy.isPending}
        onConfirm={() =>
          undeploy.mutate(activeNumber, {
            onSuccess: () => {
              notify.done("API undeployed: clients get 404");
              setOpen(false);
            },
          })
        }
      >
        Gateways stop serving deployment {activeNumber} immediately; clients get 404 until the next deployment. The draft and the history
        stay.
        {undeploy.error && (
          <div className="mt-3">
            <Banner meaning="failing" isAlert title="The API wasn't undeployed.">
              {messageOf(undeploy.error)}
            </Banner>
          </div>
        )}
      </ConfirmDialog>
    </>
  );
}
