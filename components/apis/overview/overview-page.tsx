"use client";

import { useApi } from "@/components/data/apis";
import { useCurrentDraft } from "@/components/data/current-draft";
import { LoadFailure } from "@/components/data/load-failure";
import { isReadable } from "@/components/data/readable";
import { BrokenDraft } from "@/components/draft/broken-draft";
import { PageBody } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ApiFacts } from "./api-facts";
import { CallersSection } from "./callers-section";
import { DraftFlows } from "./draft-flows";
import { nextSteps } from "./next-steps";
import { NextSteps } from "./next-steps-list";
import { PathProblems } from "./path-problems";

/** An API's overview: next steps, client access, flows, and endpoints. */
export function OverviewPage({ apiId }: { apiId: string }) {
  const api = useApi(apiId);
  const draft = useCurrentDraft(apiId);
  if (!draft.data && draft.isError) {
    return (
      <PageBody className="pt-6">
        <LoadFailure title="Couldn't load the draft." query={draft} />
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
  if (!isReadable(draft.data.definition)) return <BrokenDraft key={draft.data.etag} apiId={apiId} read={draft.data} />;
  const steps = nextSteps(api.data);
  return (
    <PageBody className="grid gap-x-12 pt-6 xl:grid-cols-[minmax(0,1fr)_400px] xl:items-start">
      <div className="flex min-w-0 flex-col gap-8">
        <PathProblems api={api.data} />
        {steps.length > 0 && <NextSteps apiId={apiId} steps={steps} />}
        <CallersSection api={api.data} isFinished={steps.length === 0} />
        <DraftFlows apiId={apiId} definition={draft.data.definition} />
      </div>
      <ApiFacts api={api.data} definition={draft.data.definition} />
    </PageBody>
  );
}
