"use client";

import { useDeployments } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { useDeployment } from "@/components/data/deployments";
import { ButtonLink } from "@/components/ui/button-link";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { DeploymentComparison } from "./deployment-comparison";
import { DeploymentHead } from "./deployment-head";

interface DeploymentPageProps {
  apiId: string;
  number: number;
  compare: string | undefined;
}

/** One deployment: what it is, what it changed, and the definition that it froze. */
export function DeploymentPage({ apiId, number, compare }: DeploymentPageProps) {
  const deployment = useDeployment(apiId, number);
  const deployments = useDeployments(apiId);
  const problem = deployment.error instanceof ApiProblem ? deployment.error : undefined;
  if (deployment.data) {
    return (
      <PageBody className="pt-6">
        <DeploymentHead apiId={apiId} deployment={deployment.data} />
        <DeploymentComparison apiId={apiId} deployment={deployment.data} deployments={deployments.data} compare={compare} />
        <Section title="Definition" description="What the gateways run, without secrets.">
          <CodeBlock label="Definition" code={JSON.stringify(deployment.data.definition, null, 2)} />
        </Section>
      </PageBody>
    );
  }
  return (
    <PageBody className="pt-6">
      {problem?.status === 404 ? (
        <EmptyState action={<ButtonLink href={`/apis/${apiId}/deployments`}>Show all deployments</ButtonLink>}>
          This API has no deployment {number}.
        </EmptyState>
      ) : deployment.isError ? (
        <ErrorState
          title="The deployment could not be loaded."
          message={messageOf(deployment.error)}
          requestId={problem?.requestId}
          onRetry={() => void deployment.refetch()}
          isRetrying={deployment.isFetching}
        />
      ) : (
        <SkeletonRows label="Loading the deployment" />
      )}
    </PageBody>
  );
}
