"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import type { DraftReview } from "@/components/data/deployments";
import { LoadFailure } from "@/components/data/load-failure";
import { isReadable } from "@/components/data/readable";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ChangeList } from "./change-list";
import { DefinitionDiff } from "./definition-diff";
import { DeployWarnings } from "./deploy-warnings";
import { FirstDeployment } from "./first-deployment";
import { ProtectionChange } from "./protection-change";

const views = [
  { id: "words", label: "Summary" },
  { id: "definition", label: "Definition" },
] as const;

/** Shows what deploying the draft changes, as a summary or a line diff. */
export function DraftReviewPanel({ review }: { review: UseQueryResult<DraftReview> }) {
  const [view, setView] = useState<(typeof views)[number]["id"]>("words");
  if (!review.data && review.isError) {
    return <LoadFailure title="Couldn't load the changes." query={review} />;
  }
  if (!review.data || review.isFetching) return <SkeletonRows rows={4} label="Loading the changes" />;
  const { draft, active, changes, warnings } = review.data;
  const before = active && isReadable(active.definition) ? active.definition : null;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <ProtectionChange before={before} after={draft} />
        <SegmentedControl label="Changes view" hideLabel options={views} value={view} onChange={setView} />
      </div>
      <DeployWarnings warnings={warnings} />
      {view === "definition" ? (
        <DefinitionDiff before={active?.definition ?? null} after={draft} />
      ) : active === null ? (
        <FirstDeployment draft={draft} />
      ) : changes.length > 0 ? (
        <ChangeList changes={changes} label="Changes" />
      ) : before === null ? null : (
        <p className="text-muted">The draft equals deployment {active.number}. Deploying it changes nothing for clients.</p>
      )}
    </div>
  );
}
