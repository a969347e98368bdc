"use client";

import { Plus } from "lucide-react";
import { useApplications } from "@/components/data/authorization";
import { LoadFailure } from "@/components/data/load-failure";
import { ButtonLink } from "@/components/ui/button-link";
import { count } from "@/components/ui/count";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ApplicationSearchList } from "./application-search-list";

const createLink = (
  <ButtonLink href="/applications/new" variant="primary" icon={<Plus aria-hidden className="size-4" />}>
    Create application
  </ButtonLink>
);

/** Lists the applications. */
export function ApplicationListPage() {
  const applications = useApplications();
  const isEmpty = applications.data?.length === 0;
  return (
    <>
      <PageHeader
        title="Applications"
        meta={applications.data && !isEmpty ? count(applications.data.length, "application") : undefined}
        actions={!isEmpty && createLink}
      />
      <PageBody>
        {applications.data ? (
          isEmpty ? (
            <EmptyState action={createLink}>An application gets tokens from an authorization server to call protected APIs.</EmptyState>
          ) : (
            <ApplicationSearchList applications={applications.data} />
          )
        ) : applications.isError ? (
          <LoadFailure title="Couldn't load the applications." query={applications} />
        ) : (
          <SkeletonRows label="Loading the applications" />
        )}
      </PageBody>
    </>
  );
}
