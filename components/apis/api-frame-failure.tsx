"use client";

import { ApiProblem, messageOf } from "@/components/data/client";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";

interface ApiFrameFailureProps {
  error: unknown;
  onRetry: () => void;
  isRetrying: boolean;
}

/** What stands in place of an API that does not exist or could not be loaded. */
export function ApiFrameFailure({ error, onRetry, isRetrying }: ApiFrameFailureProps) {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <>
      <PageHeader title="API" parent={{ href: "/apis", label: "APIs" }} />
      <PageBody>
        {problem?.status === 404 ? (
          <EmptyState action={<ButtonLink href="/apis">Show all APIs</ButtonLink>}>
            There is no such API. It may have been deleted.
          </EmptyState>
        ) : (
          <ErrorState
            title="The API could not be loaded."
            message={messageOf(error)}
            requestId={problem?.requestId}
            onRetry={onRetry}
            isRetrying={isRetrying}
          />
        )}
      </PageBody>
    </>
  );
}
