"use client";

import { useApi } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { useDeployment } from "@/components/data/deployments";
import { isReadable } from "@/components/data/readable";
import { DeployButton } from "@/components/deployments/deploy-button";
import { Banner } from "@/components/ui/banner";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageBody } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ApiView } from "@/lib/management/contract/apis";
import { TryIt } from "./try-it";
import { useRequestInput } from "./use-request-input";

function TryDeployment({ api, number }: { api: ApiView; number: number }) {
  const deployment = useDeployment(api.id, number);
  const [input, change] = useRequestInput(api.id);
  if (deployment.isError && !deployment.data) {
    const requestId = deployment.error instanceof ApiProblem ? deployment.error.requestId : undefined;
    return (
      <ErrorState
        title={`Deployment ${number} could not be loaded.`}
        message={messageOf(deployment.error)}
        requestId={requestId}
        onRetry={() => void deployment.refetch()}
        isRetrying={deployment.isFetching}
      />
    );
  }
  if (!deployment.data || !input) return <SkeletonRows label="Loading what is deployed" />;
  if (!isReadable(deployment.data.definition))
    return (
      <ErrorState
        title={`Deployment ${number} is broken: this version of Gatewright can't read it.`}
        message="Fix the draft and deploy it, or roll back to another deployment."
      />
    );
  return (
    <>
      {api.undeployedChanges && <Banner meaning="pending">You are trying deployment {number}. The draft differs from it.</Banner>}
      <TryIt api={api} definition={deployment.data.definition} input={input} onChange={change} />
    </>
  );
}

/** Try it: calls go to what is deployed, the way that callers reach it. */
export function TryItPage({ apiId }: { apiId: string }) {
  const api = useApi(apiId).data;
  return (
    <PageBody className="gap-5 pt-5">
      {!api ? (
        <SkeletonRows label="Loading the API" />
      ) : api.activeDeployment ? (
        <TryDeployment api={api} number={api.activeDeployment.number} />
      ) : (
        <EmptyState action={<DeployButton apiId={api.id} />}>
          Nothing is deployed, so callers get 404. Deploy the draft to try it.
        </EmptyState>
      )}
    </PageBody>
  );
}
