"use client";

import { useApi, useDraft } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { ErrorState } from "@/components/ui/error-state";
import { PageBody } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ApiFacts } from "./api-facts";
import { CallersSection } from "./callers-section";
import { DraftFlows } from "./draft-flows";
import { nextSteps } from "./next-steps";
import { NextSteps } from "./next-steps-list";

/** What a newcomer to an API needs: what to do next, how to call it, what happens to a call, and where it goes. */
export function OverviewPage({ apiId }: { apiId: string }) {
  const api = useApi(apiId);
  const draft = useDraft(apiId);
  if (!draft.data && draft.isError) {
    return (
      <PageBody className="pt-6">
        <ErrorState
          title="The draft could not be loaded."
          message={messageOf(draft.error)}
          requestId={draft.error instanceof ApiProblem ? draft.error.requestId : undefined}
          onRetry={() => void draft.refetch()}
          isRetrying={draft.isFetching}
        />
      </PageBody>
    );
  }
  if (!api.data || !draft.data) {
    return (
      <PageBody className="pt-6">
        <SkeletonRows rows={6} label="Loading the overview" />
      </PageBody>
    );
  }
  const steps = nextSteps(api.data);
  return (
    <PageBody className="grid gap-x-12 pt-6 xl:grid-cols-[minmax(0,1fr)_400px] xl:items-start">
      <div className="flex min-w-0 flex-col gap-8">
        {steps.length > 0 && <NextSteps apiId={apiId} steps={steps} />}
        <CallersSection api={api.data} isFinished={steps.length === 0} />
        <DraftFlows apiId={apiId} definition={draft.data.definition} />
      </div>
      <ApiFacts api={api.data} definition={draft.data.definition} />
    </PageBody>
  );
}
