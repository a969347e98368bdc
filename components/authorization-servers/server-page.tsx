"use client";

import { useAuthorizationServer } from "@/components/data/authorization";
import { ApiProblem } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";
import { EndpointsSection } from "./endpoints-section";
import { ScopesSection } from "./scopes-section";
import { ServerApplicationsSection } from "./server-applications-section";
import { ServerStateMark } from "./server-state-mark";

const parent = { href: "/authorization-servers", label: "Authorization servers" };

function ServerDetails({ server }: { server: AuthorizationServerView }) {
  return (
    <>
      <PageHeader
        title={server.name}
        parent={parent}
        state={<ServerStateMark isEnabled={server.enabled} />}
        meta={
          <>
            <span className="mono">{server.id}</span>
            {server.description && <span className="max-w-measure [overflow-wrap:anywhere]">{server.description}</span>}
          </>
        }
      />
      <PageBody className="lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:items-start lg:gap-x-12">
        <div className="flex min-w-0 flex-col gap-8">
          <ScopesSection server={server} />
          <ServerApplicationsSection server={server} />
        </div>
        <EndpointsSection server={server} />
      </PageBody>
    </>
  );
}

/** One authorization server: its scopes, its applications, and what to copy from it. */
export function ServerPage({ serverId }: { serverId: string }) {
  const server = useAuthorizationServer(serverId);
  if (server.data) return <ServerDetails key={serverId} server={server.data} />;
  return (
    <>
      <PageHeader title="Authorization server" parent={parent} />
      <PageBody>
        {server.error instanceof ApiProblem && server.error.status === 404 ? (
          <EmptyState action={<ButtonLink href="/authorization-servers">Show all authorization servers</ButtonLink>}>
            There is no such authorization server.
          </EmptyState>
        ) : server.isError ? (
          <LoadFailure title="The authorization server could not be loaded." query={server} />
        ) : (
          <SkeletonRows label="Loading the authorization server" />
        )}
      </PageBody>
    </>
  );
}
