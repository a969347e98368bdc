"use client";

import { useApi, useDeployments } from "@/components/data/apis";
import { LoadFailure } from "@/components/data/load-failure";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { DeploymentTable } from "./deployment-table";
import { LiveOn } from "./live-on";
import { UndeployButton } from "./undeploy-button";

/** An API's deployment history, with rollback and undeploy. */
export function DeploymentsPage({ apiId }: { apiId: string }) {
  const api = useApi(apiId);
  const deployments = useDeployments(apiId);
  const active = api.data?.activeDeployment ?? null;
  return (
    <PageBody className="pt-6">
      <Section
        title="Deployments"
        description="Immutable snapshots of the draft. A rollback deploys an earlier one under a new number."
        actions={active && <UndeployButton apiId={apiId} activeNumber={active.number} />}
      >
        {active && <LiveOn apiId={apiId} number={active.number} />}
        {deployments.data ? (
          deployments.data.length > 0 ? (
            <DeploymentTable apiId={apiId} deployments={deployments.data} />
          ) : (
            <EmptyState>No deployments. Clients get 404 until you review and deploy the draft.</EmptyState>
          )
        ) : deployments.isError ? (
          <LoadFailure title="Couldn't load the deployments." query={deployments} />
        ) : (
          <SkeletonRows label="Loading the deployments" />
        )}
      </Section>
    </PageBody>
  );
}
