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
        title={`Couldn't load deployment ${number}.`}
        message={messageOf(deployment.error)}
        requestId={requestId}
        onRetry={() => void deployment.refetch()}
        isRetrying={deployment.isFetching}
      />
    );
  }
  if (!deployment.data || !input) return <SkeletonRows label="Loading the deployment" />;
  if (!isReadable(deployment.data.definition))
    return (
      <ErrorState
        title={`This version of Gatewright can't read deployment ${number}.`}
        message="Fix the draft and deploy it, or roll back to another deployment."
      />
    );
  return (
    <>
      {api.undeployedChanges && <Banner meaning="pending">Try it uses deployment {number}. The draft differs from it.</Banner>}
      <TryIt api={api} definition={deployment.data.definition} input={input} onChange={change} />
    </>
  );
}

/** The Try it page: sends requests to the active deployment through the gateway. */
export function TryItPage({ apiId }: { apiId: string }) {
  const api = useApi(apiId).data;
  return (
    <PageBody className="gap-5 pt-5">
      {!api ? (
        <SkeletonRows label="Loading the API" />
      ) : api.activeDeployment ? (
        <TryDeployment api={api} number={api.activeDeployment.number} />
      ) : (
        <EmptyState action={<DeployButton apiId={api.id} />}>Not deployed: clients get 404. Deploy the draft to try it.</EmptyState>
      )}
    </PageBody>
  );
}
