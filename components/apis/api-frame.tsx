"use client";

import type { ReactNode } from "react";
import { useApi } from "@/components/data/apis";
import { ApiProblem } from "@/components/data/client";
import { ApiDeployBar } from "@/components/deployments/deploy-bar";
import { LinkTabs } from "@/components/ui/link-tabs";
import { ApiFrameFailure } from "./api-frame-failure";
import { ApiFrameHeader, ApiFrameHeaderSkeleton } from "./api-frame-header";
import { DeletedBanner } from "./deleted-banner";

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

/** What every page of one API stands in: its header, its tabs, and the deploy bar while the draft differs from what runs. */
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
