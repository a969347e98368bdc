"use client";

import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useApplications, useDeleteScope, useScopes } from "@/components/data/authorization";
import { LoadFailure } from "@/components/data/load-failure";
import { useClaims, usePolicies } from "@/components/data/server-rules";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ScopeView } from "@/lib/management/contract/authorization";
import { useServer } from "../server-context";
import { ScopeDrawer } from "./scope-drawer";
import { ScopeTable } from "./scope-table";
import { scopeUses } from "./scope-uses";

type Open = { kind: "edit"; scope: ScopeView | null } | { kind: "delete"; scope: ScopeView } | null;

/** Returns where each scope is used; null until everything is loaded. */
function useScopeUses(serverId: string) {
  const applications = useApplications().data;
  const policies = usePolicies(serverId).data;
  const claims = useClaims(serverId).data;
  return useMemo(
    () =>
      applications && policies && claims
        ? scopeUses({ applications: applications.filter(({ authorizationServer }) => authorizationServer === serverId), policies, claims })
        : null,
    [applications, policies, claims, serverId],
  );
}

/** Manages the scopes of an authorization server. */
export function ScopesPage() {
  const { id } = useServer();
  const scopes = useScopes(id);
  const uses = useScopeUses(id);
  const remove = useDeleteScope(id);
  const [open, setOpen] = useState<Open>(null);
  const add = (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onPress={() => setOpen({ kind: "edit", scope: null })}>
      Add scope
    </Button>
  );
  return (
    <PageBody>
      <Section
        title="Scopes"
        description="Scopes that applications can request and steps can require."
        actions={scopes.data && scopes.data.length > 0 && add}
      >
        {scopes.data ? (
          scopes.data.length === 0 ? (
            <EmptyState action={add}>No scopes. Without scopes, tokens only identify the application.</EmptyState>
          ) : (
            <ScopeTable
              scopes={scopes.data}
              uses={uses}
              onEdit={(scope) => setOpen({ kind: "edit", scope })}
              onDelete={(scope) => setOpen({ kind: "delete", scope })}
            />
          )
        ) : scopes.isError ? (
          <LoadFailure title="Couldn't load the scopes." query={scopes} />
        ) : (
          <SkeletonRows label="Loading the scopes" />
        )}
      </Section>
      {open?.kind === "edit" && <ScopeDrawer serverId={id} scope={open.scope} onClose={() => setOpen(null)} />}
      {open?.kind === "delete" && (
        <DeleteDialog
          what={`The scope ${open.scope.name}`}
          confirmLabel="Delete scope"
          isPending={remove.isPending}
          onDelete={() => remove.mutateAsync(open.scope.id)}
          onClose={() => setOpen(null)}
        >
          New tokens won't include it.
        </DeleteDialog>
      )}
    </PageBody>
  );
}
