"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { useAuthorizationServers } from "@/components/data/authorization";
import { LoadFailure } from "@/components/data/load-failure";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { CreateServerDialog } from "./create-server-dialog";
import { ServerTable } from "./server-table";

/** Lists the Gatewright authorization servers. */
export function ServerListPage() {
  const servers = useAuthorizationServers();
  const [isCreating, setIsCreating] = useState(false);
  return (
    <>
      <PageHeader
        title="Authorization servers"
        actions={
          <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onPress={() => setIsCreating(true)}>
            Create authorization server
          </Button>
        }
      />
      <CreateServerDialog isOpen={isCreating} onOpenChange={setIsCreating} />
      <PageBody>
        {servers.data ? (
          servers.data.length === 0 ? (
            <EmptyState>An authorization server issues the tokens that protected APIs require.</EmptyState>
          ) : (
            <ServerTable servers={servers.data} />
          )
        ) : servers.isError ? (
          <LoadFailure title="Couldn't load the authorization servers." query={servers} />
        ) : (
          <SkeletonRows label="Loading the authorization servers" />
        )}
      </PageBody>
    </>
  );
}
