"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useChanges } from "@/components/data/apis";
import { messageOf } from "@/components/data/client";
import { useCurrentDraft } from "@/components/data/current-draft";
import { type DeploymentDetails, useDeployment } from "@/components/data/deployments";
import { Section } from "@/components/ui/page-body";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { DeploymentView } from "@/lib/management/contract/apis";
import { ChangeList } from "./change-list";
import { compareWith } from "./compare-with";
import { DefinitionDiff } from "./definition-diff";

const views = [
  { id: "words", label: "Summary" },
  { id: "definition", label: "Definition" },
] as const;

interface DeploymentComparisonProps {
  apiId: string;
  deployment: DeploymentDetails;
  /** The history; undefined while loading. */
  deployments: readonly DeploymentView[] | undefined;
}

/** Compares a deployment with another one or the draft. The URL holds the choice. */
export function DeploymentComparison({ apiId, deployment, deployments = [] }: DeploymentComparisonProps) {
  const [view, setView] = useState<(typeof views)[number]["id"]>("words");
  const other = compareWith(useSearchParams().get("compare"), deployment.number, deployments);
  const isDraft = other === "draft";
  const range = isDraft ? { from: deployment.number } : { to: deployment.number, ...(other === null ? {} : { from: other }) };
  const changes = useChanges(apiId, { ...range, enabled: other !== null });
  const otherDeployment = useDeployment(apiId, typeof other === "number" ? other : deployment.number, typeof other === "number");
  const draft = useCurrentDraft(apiId);
  const otherDefinition = isDraft ? draft.data?.definition : otherDeployment.data?.definition;

  const options = [
    { id: "draft", label: "Draft" },
    ...deployments
      .filter(({ number }) => number !== deployment.number)
      .map(({ number, label }) => ({ id: String(number), label: `Deployment ${number}`, ...(label ? { description: label } : {}) })),
  ];
  return (
    <Section
      title={
        isDraft
          ? `Changes from deployment ${deployment.number} to the draft`
          : other === null
            ? "Changes"
            : `Changes from deployment ${other} to deployment ${deployment.number}`
      }
      actions={
        <>
          <Select
            label="Compare with"
            hideLabel
            className="w-48"
            placeholder="Compare with"
            options={options}
            value={other === null ? null : String(other)}
            onChange={(choice) => window.history.replaceState(null, "", `?compare=${choice}`)}
          />
          <SegmentedControl label="Changes view" hideLabel options={views} value={view} onChange={setView} />
        </>
      }
    >
      {other === null ? (
        <p className="text-muted">This is the first deployment.</p>
      ) : changes.isError ? (
        <p className="text-failing">Couldn't load the changes: {messageOf(changes.error)}</p>
      ) : !changes.data || !otherDefinition ? (
        <SkeletonRows rows={3} label="Loading the changes" />
      ) : view === "definition" ? (
        <DefinitionDiff
          before={isDraft ? deployment.definition : otherDefinition}
          after={isDraft ? otherDefinition : deployment.definition}
        />
      ) : changes.data.changes.length > 0 ? (
        <ChangeList changes={changes.data.changes} label="Changes" />
      ) : (
        <p className="text-muted">No changes.</p>
      )}
    </Section>
  );
}
