"use client";

import { useId, useState } from "react";
import { useDeploy } from "@/components/data/apis";
import { useDraftReview } from "@/components/data/deployments";
import { useHasUnsavedChanges } from "@/components/draft/unsaved";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { notify } from "@/components/ui/notify";
import { TextField } from "@/components/ui/text-field";
import { announceLive } from "./announce-live";
import { DeployFailure } from "./deploy-failure";
import { DraftReviewPanel } from "./draft-review-panel";

interface DeployDialogProps {
  apiId: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

const LABEL_LENGTH_MAX = 120;

/** Shows a deployment's changes and deploys the reviewed draft; deploys nothing if someone saved since. */
export function DeployDialog({ apiId, isOpen, onOpenChange }: DeployDialogProps) {
  const formId = useId();
  const [label, setLabel] = useState("");
  const review = useDraftReview(apiId, isOpen);
  const deploy = useDeploy(apiId);
  const hasUnsavedChanges = useHasUnsavedChanges(apiId);

  function setOpen(next: boolean) {
    if (!next) deploy.reset();
    onOpenChange(next);
  }

  async function deployDraft() {
    if (!review.data || deploy.isRunning()) return;
    try {
      // Awaited here: the bar around this dialog can unmount before the deployment is live.
      const deployment = await deploy.mutateAsync({ label: label.trim(), etag: review.data.etag });
      if (deployment.unchanged) notify.done(`Nothing to deploy: the draft equals deployment ${deployment.number}`);
      else void announceLive(apiId, deployment.number);
      setLabel("");
      setOpen(false);
    } catch {
      // The dialog stays open with the input and shows the error.
    }
  }

  const reload = () => {
    deploy.reset();
    void review.refetch();
  };

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setOpen}
      title="Deploy draft"
      width="large"
      footer={
        <>
          <Button onPress={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={deploy.isPending} isDisabled={!review.data || review.isFetching}>
            Deploy draft
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void deployDraft();
        }}
      >
        {hasUnsavedChanges && (
          <Banner meaning="pending" title="Unsaved changes">
            This deployment doesn't include them. To include them, cancel and save the draft first.
          </Banner>
        )}
        {deploy.error && <DeployFailure error={deploy.error} onReload={reload} />}
        <DraftReviewPanel review={review} />
        <TextField
          label="Label"
          isOptional
          value={label}
          onChange={setLabel}
          maxLength={LABEL_LENGTH_MAX}
          autoComplete="off"
          placeholder="Require orders:read"
          description="Shown in the deployment history."
        />
      </form>
    </Dialog>
  );
}
