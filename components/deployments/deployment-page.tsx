"use client";

import { useDeployments } from "@/components/data/apis";
import { ApiProblem } from "@/components/data/client";
import { useDeployment } from "@/components/data/deployments";
import { LoadFailure } from "@/components/data/load-failure";
import { ButtonLink } from "@/components/ui/button-link";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { DeploymentComparison } from "./deployment-comparison";
import { DeploymentHead } from "./deployment-head";

interface DeploymentPageProps {
  apiId: string;
  number: number;
}

/** Shows one deployment: its facts, changes, and definition. */
export function DeploymentPage({ apiId, number }: DeploymentPageProps) {
  const deployment = useDeployment(apiId, number);
  const deployments = useDeployments(apiId);
  const isMissing = deployment.error instanceof ApiProblem && deployment.error.status === 404;
  if (deployment.data) {
    return (
      <PageBody className="pt-6">
        <DeploymentHead apiId={apiId} deployment={deployment.data} />
        <DeploymentComparison apiId={apiId} deployment={deployment.data} deployments={deployments.data} />
        <Section title="Definition" description="The snapshot of this deployment, without secrets.">
          <CodeBlock label="Definition" code={JSON.stringify(deployment.data.definition, null, 2)} />
        </Section>
      </PageBody>
    );
  }
  return (
    <PageBody className="pt-6">
      {isMissing ? (
        <EmptyState action={<ButtonLink href={`/apis/${apiId}/deployments`}>Show all deployments</ButtonLink>}>
          This API has no deployment {number}.
        </EmptyState>
      ) : deployment.isError ? (
        <LoadFailure title="Couldn't load the deployment." query={deployment} />
      ) : (
        <SkeletonRows label="Loading the deployment" />
      )}
    </PageBody>
  );
}
