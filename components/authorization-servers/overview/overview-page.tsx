"use client";

import { PageBody } from "@/components/ui/page-body";
import { useServer } from "../server-context";
import { EndpointsSection } from "./endpoints-section";
import { FirstTokenSection } from "./first-token-section";
import { ServerApplicationsSection } from "./server-applications-section";

/** An authorization server's overview: who gets tokens, its applications, its endpoints. */
export function ServerOverviewPage() {
  const server = useServer();
  return (
    <PageBody className="lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:items-start lg:gap-x-12">
      <div className="flex min-w-0 flex-col gap-8">
        {server.description && <p className="max-w-measure [overflow-wrap:anywhere]">{server.description}</p>}
        <FirstTokenSection server={server} />
        <ServerApplicationsSection server={server} />
      </div>
      <EndpointsSection server={server} />
    </PageBody>
  );
}
