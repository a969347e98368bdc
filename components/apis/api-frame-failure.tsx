"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { ApiProblem } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";

/** What stands in place of an API that does not exist or could not be loaded. */
export function ApiFrameFailure({ query }: { query: Pick<UseQueryResult, "error" | "refetch" | "isFetching"> }) {
  const isMissing = query.error instanceof ApiProblem && query.error.status === 404;
  return (
    <>
      <PageHeader title={isMissing ? "No such API" : "API"} parent={{ href: "/apis", label: "APIs" }} />
      <PageBody>
        {isMissing ? (
          <EmptyState action={<ButtonLink href="/apis">Show all APIs</ButtonLink>}>
            No API has this address. It may have been deleted.
          </EmptyState>
        ) : (
          <LoadFailure title="The API could not be loaded." query={query} />
        )}
      </PageBody>
    </>
  );
}
