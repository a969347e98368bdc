"use client";

import type { ReactNode } from "react";
import { useDraft } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { isReadable } from "@/components/data/readable";
import { ErrorState } from "@/components/ui/error-state";
import { PageBody } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { BrokenDraft } from "./broken-draft";
import { ConflictDialog } from "./conflict-dialog";
import { DraftBar } from "./draft-bar";
import { DraftEditorProvider } from "./draft-editor";
import { DraftNotices } from "./draft-notices";

/** Wraps the pages that edit an API's draft: one shared working copy, and the bar that saves it. */
export function DraftWorkspace({ apiId, children }: { apiId: string; children: ReactNode }) {
  const draft = useDraft(apiId);
  if (!draft.data)
    return draft.isError ? (
      <DraftFailure error={draft.error} onRetry={() => void draft.refetch()} isRetrying={draft.isFetching} />
    ) : (
      <DraftLoading />
    );
  if (!isReadable(draft.data.definition)) return <BrokenDraft key={draft.data.etag} apiId={apiId} read={draft.data} />;
  return (
    <DraftEditorProvider key={apiId} apiId={apiId} read={draft.data}>
      <div className="flex min-w-0 grow flex-col lg:has-[.fill-viewport]:fill-column">
        <DraftBar />
        <DraftNotices />
        {children}
        <ConflictDialog />
      </div>
    </DraftEditorProvider>
  );
}

function DraftLoading() {
  return (
    <PageBody className="pt-6">
      <SkeletonRows rows={6} label="Loading the draft" />
    </PageBody>
  );
}

function DraftFailure({ error, onRetry, isRetrying }: { error: unknown; onRetry: () => void; isRetrying: boolean }) {
  return (
    <PageBody className="pt-6">
      <ErrorState
        title="Couldn't load the draft."
        message={messageOf(error)}
        requestId={error instanceof ApiProblem ? error.requestId : undefined}
        onRetry={onRetry}
        isRetrying={isRetrying}
      />
    </PageBody>
  );
}
