"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { count } from "@/components/apis/count";
import { useApplications, useDeleteScope, useScopes } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import type { AuthorizationServerView, ScopeView } from "@/lib/management/contract/authorization";
import { AddScopeForm } from "./add-scope-form";

function ScopeTable({ scopes, onDelete }: { scopes: readonly ScopeView[]; onDelete: (scope: ScopeView) => void }) {
  return (
    <Table label="Scopes">
      <TableHead>
        <Column>Scope</Column>
        <Column>Description</Column>
        <Column hideLabel>Actions</Column>
      </TableHead>
      <TableBody>
        {scopes.map((scope) => (
          <Row key={scope.id}>
            <Cell isRowHeader mono className="[overflow-wrap:anywhere]">
              {scope.name}
            </Cell>
            <Cell muted className="[overflow-wrap:anywhere]">
              {scope.description}
            </Cell>
            <Cell align="right">
              <span className="inline-flex">
                <IconButton size="small" label={`Delete scope ${scope.name}`} onPress={() => onDelete(scope)}>
                  <Trash2 aria-hidden />
                </IconButton>
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** The scopes that tokens of an authorization server can carry. */
export function ScopesSection({ server }: { server: AuthorizationServerView }) {
  const scopes = useScopes(server.id);
  const applications = useApplications();
  const remove = useDeleteScope(server.id);
  const [deleting, setDeleting] = useState<ScopeView | null>(null);
  const users = (applications.data ?? []).filter(
    (application) => application.authorizationServer === server.id && deleting !== null && application.scopes.includes(deleting.name),
  );

  async function deleteScope(scope: ScopeView) {
    try {
      await remove.mutateAsync(scope.id);
      notify.done(`Scope ${scope.name} deleted`);
      setDeleting(null);
    } catch (error) {
      notify.failed("The scope was not deleted", { description: messageOf(error) });
    }
  }

  return (
    <Section title="Scopes" description="What an application can ask for, and a step can require.">
      {scopes.data ? (
        scopes.data.length === 0 ? (
          <p className="border-line border-y border-dashed py-4 text-muted">
            There is no scope yet. Without one, tokens only say who calls.
          </p>
        ) : (
          <ScopeTable scopes={scopes.data} onDelete={setDeleting} />
        )
      ) : scopes.isError ? (
        <LoadFailure title="The scopes could not be loaded." query={scopes} />
      ) : (
        <SkeletonRows rows={2} label="Loading the scopes" />
      )}
      {scopes.data && <AddScopeForm serverId={server.id} />}
      <ConfirmDialog
        isOpen={deleting !== null}
        onOpenChange={(isOpen) => !isOpen && setDeleting(null)}
        title={`Delete the scope ${deleting?.name ?? ""}?`}
        confirmLabel="Delete scope"
        tone="danger"
        isPending={remove.isPending}
        onConfirm={() => deleting && void deleteScope(deleting)}
      >
        No token is issued with it from then on; steps that require it refuse new tokens.
        {users.length > 0 && ` ${count(users.length, "application")} may ask for it now.`}
      </ConfirmDialog>
    </Section>
  );
}
