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
  { id: "words", label: "In words" },
  { id: "definition", label: "Definition" },
] as const;

/** What deploying the draft would change: in words first, and as the definition's own lines. */
export function DraftReviewPanel({ review }: { review: UseQueryResult<DraftReview> }) {
  const [view, setView] = useState<(typeof views)[number]["id"]>("words");
  if (!review.data && review.isError) {
    return <LoadFailure title="The changes could not be loaded." query={review} />;
  }
  if (!review.data || review.isFetching) return <SkeletonRows rows={4} label="Loading the changes" />;
  const { draft, active, changes, warnings } = review.data;
  const before = active && isReadable(active.definition) ? active.definition : null;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <ProtectionChange before={before} after={draft} />
        <SegmentedControl label="Show the changes" hideLabel options={views} value={view} onChange={setView} />
      </div>
      <DeployWarnings warnings={warnings} />
      {view === "definition" ? (
        <DefinitionDiff before={active?.definition ?? null} after={draft} />
      ) : active === null ? (
        <FirstDeployment draft={draft} />
      ) : changes.length > 0 ? (
        <ChangeList changes={changes} label="Changes" />
      ) : before === null ? null : (
        <p className="text-muted">The draft is the same as deployment {active.number}. Deploying it changes nothing for callers.</p>
      )}
    </div>
  );
}
