"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "@/components/data/apis";
import { ApiProblem } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { ApiDeployBar } from "@/components/deployments/deploy-bar";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { ApiFrameHeader, ApiFrameHeaderSkeleton } from "./api-frame-header";

const tabsOf = (apiId: string) => [
  { href: `/apis/${apiId}`, label: "Overview", exact: true },
  { href: `/apis/${apiId}/studio`, label: "Studio" },
  { href: `/apis/${apiId}/endpoints`, label: "Endpoints" },
  { href: `/apis/${apiId}/resources`, label: "Resources" },
  { href: `/apis/${apiId}/access`, label: "Access" },
  { href: `/apis/${apiId}/cors`, label: "CORS" },
  { href: `/apis/${apiId}/try-it`, label: "Try it" },
  { href: `/apis/${apiId}/deployments`, label: "Deployments" },
  { href: `/apis/${apiId}/settings`, label: "Settings" },
];

/** Replaces the page of an API that doesn't exist or failed to load. */
function ApiFrameFailure({ query }: { query: Pick<UseQueryResult, "error" | "refetch" | "isFetching"> }) {
  const isMissing = query.error instanceof ApiProblem && query.error.status === 404;
  return (
    <>
      <PageHeader title={isMissing ? "API not found" : "API"} parent={{ href: "/apis", label: "APIs" }} />
      <PageBody>
        {isMissing ? (
          <EmptyState action={<ButtonLink href="/apis">Show all APIs</ButtonLink>}>
            No API has this address. It may have been deleted.
          </EmptyState>
        ) : (
          <LoadFailure title="Couldn't load the API." query={query} />
        )}
      </PageBody>
    </>
  );
}

/** Reports that the API was deleted while the page was open. The page's content stays, to be copied. */
function DeletedBanner() {
  return (
    <div className="px-4 pt-4 lg:px-6">
      <Banner meaning="failing" title="This API was deleted." isAlert actions={<ButtonLink href="/apis">Show all APIs</ButtonLink>}>
        You can't save changes on this page anymore.
      </Banner>
    </div>
  );
}

/** Wraps every page of an API: header, tabs, and a deploy bar while the draft differs from the active deployment. */
export function ApiFrame({ apiId, children }: { apiId: string; children: ReactNode }) {
  const api = useApi(apiId);
  if (!api.data && api.isError) return <ApiFrameFailure query={api} />;
  const isDeleted = api.error instanceof ApiProblem && api.error.status === 404;
  return (
    <div className="flex min-w-0 grow flex-col lg:has-[.fill-viewport]:fill-column">
      {api.data ? <ApiFrameHeader api={api.data} /> : <ApiFrameHeaderSkeleton />}
      <LinkTabs label="API" tabs={tabsOf(apiId)} />
      {isDeleted ? <DeletedBanner /> : api.data && <ApiDeployBar api={api.data} />}
      {children}
    </div>
  );
}
