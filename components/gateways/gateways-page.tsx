"use client";

import { messageOf } from "@/components/data/client";
import { useGateways } from "@/components/data/gateways";
import { LoadFailure } from "@/components/data/load-failure";
import { Banner } from "@/components/ui/banner";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { GatewayTable } from "./gateway-table";
import { RedisDifferences, RedisSection } from "./redis-section";
import { StartAnother } from "./start-another";
import { useApisThatRun } from "./use-apis-that-run";

/** Lists every gateway with its state, deployments, and dependencies. */
export function GatewaysPage() {
  const gateways = useGateways();
  const apis = useApisThatRun(gateways.data);
  return (
    <>
      <PageHeader title="Gateways" meta="Processes that serve your deployments" />
      <PageBody>
        {gateways.data ? (
          <div className="flex flex-col gap-3">
            {gateways.isError && (
              <Banner meaning="failing" title="This page may be outdated.">
                {messageOf(gateways.error)}
              </Banner>
            )}
            <RedisDifferences gateways={gateways.data} />
            {gateways.data.length === 0 ? (
              <EmptyState>No gateway reported within the last hour.</EmptyState>
            ) : (
              <GatewayTable gateways={gateways.data} apis={apis.data} />
            )}
          </div>
        ) : gateways.isError ? (
          <LoadFailure title="Couldn't load the gateways." query={gateways} />
        ) : (
          <SkeletonRows rows={3} label="Loading the gateways" />
        )}
        {gateways.data && <RedisSection gateways={gateways.data} />}
        <StartAnother />
      </PageBody>
    </>
  );
}
