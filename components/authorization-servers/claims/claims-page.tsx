"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { LoadFailure } from "@/components/data/load-failure";
import { useClaims, useDeleteClaim } from "@/components/data/server-rules";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ClaimView } from "@/lib/management/contract/authorization";
import { useServer } from "../server-context";
import { ClaimDrawer } from "./claim-drawer";
import { ClaimTable } from "./claim-table";

type Open = { kind: "edit"; claim: ClaimView | null } | { kind: "delete"; claim: ClaimView } | null;

/** Manages the claims that an authorization server adds to those of RFC 9068. */
export function ClaimsPage() {
  const { id } = useServer();
  const claims = useClaims(id);
  const remove = useDeleteClaim(id);
  const [open, setOpen] = useState<Open>(null);
  const add = (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onPress={() => setOpen({ kind: "edit", claim: null })}>
      Add claim
    </Button>
  );
  return (
    <PageBody>
      <Section
        title="Claims"
        description="Claims added to the standard ones."
        actions={
          claims.data &&
          claims.data.length > 0 && (
            <>
              <ButtonLink href={`/authorization-servers/${id}/preview`}>Preview token</ButtonLink>
              {add}
            </>
          )
        }
      >
        {claims.data ? (
          claims.data.length === 0 ? (
            <EmptyState action={add}>Tokens have standard claims only. Add a claim if a backend needs more.</EmptyState>
          ) : (
            <ClaimTable
              claims={claims.data}
              onEdit={(claim) => setOpen({ kind: "edit", claim })}
              onDelete={(claim) => setOpen({ kind: "delete", claim })}
            />
          )
        ) : claims.isError ? (
          <LoadFailure title="Couldn't load the claims." query={claims} />
        ) : (
          <SkeletonRows label="Loading the claims" />
        )}
      </Section>
      {open?.kind === "edit" && <ClaimDrawer serverId={id} claim={open.claim} onClose={() => setOpen(null)} />}
      {open?.kind === "delete" && (
        <DeleteDialog
          what={`The claim ${open.claim.name}`}
          confirmLabel="Delete claim"
          isPending={remove.isPending}
          onDelete={() => remove.mutateAsync(open.claim.id)}
          onClose={() => setOpen(null)}
        >
          New tokens won't include it.
        </DeleteDialog>
      )}
    </PageBody>
  );
}
