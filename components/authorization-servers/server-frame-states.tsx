"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { ApiProblem } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";

const parent = { href: "/authorization-servers", label: "Authorization servers" };

/** Replaces the page of an authorization server that doesn't exist or failed to load. */
export function ServerFrameFailure({ query }: { query: Pick<UseQueryResult, "error" | "refetch" | "isFetching"> }) {
  const isMissing = query.error instanceof ApiProblem && query.error.status === 404;
  return (
    <>
      <PageHeader title={isMissing ? "Authorization server not found" : "Authorization server"} parent={parent} />
      <PageBody>
        {isMissing ? (
          <EmptyState action={<ButtonLink href="/authorization-servers">Show all authorization servers</ButtonLink>}>
            No authorization server has this address. It may have been deleted.
          </EmptyState>
        ) : (
          <LoadFailure title="Couldn't load the authorization server." query={query} />
        )}
      </PageBody>
    </>
  );
}

/** Placeholder for the page while the authorization server loads. */
export function ServerFrameSkeleton() {
  return (
    <>
      <PageHeader title="Authorization server" parent={parent} />
      <PageBody>
        <SkeletonRows label="Loading the authorization server" />
      </PageBody>
    </>
  );
}
