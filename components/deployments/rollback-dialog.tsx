"use client";

import { useApi, useChanges, useRollback } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { useDeployment, useDraftReview } from "@/components/data/deployments";
import { isReadable } from "@/components/data/readable";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { SkeletonRows } from "@/components/ui/skeleton";
import { announceLive } from "./announce-live";
import { ChangeList } from "./change-list";
import { DeployWarnings } from "./deploy-warnings";
import { LostDraft } from "./lost-draft";
import { ProtectionChange } from "./protection-change";

interface RollbackDialogProps {
  apiId: string;
  number: number;
  onClose: () => void;
}

/** Returns whether the draft caused the error, not a context path in use. */
const isAboutDraft = (error: unknown) =>
  error instanceof ApiProblem && (error.status === 412 || (error.status === 409 && error.problems.length === 0));

/**
 * Restores a deployment. Replaces a draft with undeployed changes only after showing them, and only if it's still that draft.
 */
export function RollbackDialog({ apiId, number, onClose }: RollbackDialogProps) {
  const api = useApi(apiId);
  const active = api.data?.activeDeployment?.number;
  const changes = useChanges(apiId, { to: number, enabled: active !== undefined });
  const target = useDeployment(apiId, number);
  const running = useDeployment(apiId, active ?? 0, active !== undefined);
  const rollback = useRollback(apiId);
  const isRefused = isAboutDraft(rollback.error);
  const draft = useDraftReview(apiId, isRefused);

  function restore(etag?: string) {
    rollback.mutate(etag === undefined ? { number } : { number, etag }, {
      onSuccess: (deployment) => {
        void announceLive(apiId, deployment.number, `Restores deployment ${number}.`);
        onClose();
      },
      onError: (error) => {
        if (isAboutDraft(error)) void draft.refetch();
      },
    });
  }

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Roll back to deployment ${number}?`}
      description={`Its definition becomes the draft and is deployed under a new number${active === undefined ? "" : `; deployment ${active} stays in the history`}.`}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          {isRefused ? (
            <Button
              variant="danger"
              isPending={rollback.isPending}
              isDisabled={!draft.data || draft.isFetching}
              onPress={() => draft.data && restore(draft.data.etag)}
            >
              Replace draft and roll back
            </Button>
          ) : (
            <Button variant="primary" isPending={rollback.isPending} onPress={() => restore()}>
              Roll back
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {isRefused && (
          <LostDraft
            review={draft}
            refusal={rollback.error instanceof ApiProblem && rollback.error.status === 412 ? rollback.error.message : undefined}
          />
        )}
        {rollback.error && !isRefused && (
          <Banner meaning="failing" isAlert title="The rollback failed.">
            {messageOf(rollback.error)}
          </Banner>
        )}
        {active !== undefined && (
          <section className="flex flex-col gap-2">
            <h3>Changes for clients</h3>
            {target.data && running.data && isReadable(target.data.definition) && isReadable(running.data.definition) && (
              <ProtectionChange before={running.data.definition} after={target.data.definition} />
            )}
            {changes.data && <DeployWarnings warnings={changes.data.warnings.filter(({ kind }) => kind === "access")} />}
            {changes.data ? (
              changes.data.changes.length > 0 ? (
                <ChangeList changes={changes.data.changes} label="Changes for clients" />
              ) : (
                <p className="text-muted">None: it equals deployment {active}.</p>
              )
            ) : changes.isError ? (
              <p className="text-failing">Couldn't load the changes: {messageOf(changes.error)}</p>
            ) : (
              <SkeletonRows rows={3} label="Loading the changes" />
            )}
          </section>
        )}
      </div>
    </Dialog>
  );
}
