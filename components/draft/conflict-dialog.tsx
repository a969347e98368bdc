"use client";

import { useMemo, useState } from "react";
import { useApi } from "@/components/data/apis";
import { ChangeList } from "@/components/deployments/change-list";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { Change } from "@/lib/definition/diff";
import { useDraftEditor } from "./draft-editor";
import { mergeDefinitions } from "./merge";
import { describeEdits } from "./words";

/** Resolves an edit conflict: shows both sides' changes and lets the user choose. Overwrites nothing before. */
export function ConflictDialog() {
  const { apiId, conflict, base, edited, changes, rebase, overwrite, closeConflict } = useDraftEditor();
  const api = useApi(apiId);
  const [isOverwriting, setIsOverwriting] = useState(false);
  const theirs = useMemo(() => (conflict ? describeEdits(base.definition, conflict.definition) : []), [conflict, base]);
  const merge = useMemo(() => (conflict ? mergeDefinitions(base.definition, edited, conflict.definition) : null), [conflict, base, edited]);
  const who = api.data?.updatedBy;

  async function replaceTheirs() {
    setIsOverwriting(true);
    await overwrite();
    setIsOverwriting(false);
  }

  return (
    <Dialog
      isOpen={conflict !== null}
      onOpenChange={(isOpen) => !isOpen && closeConflict()}
      title="Someone else saved this draft first"
      description={`${who ?? "Someone"} saved a newer version after you opened it. Nothing was overwritten.`}
      width="large"
      footer={
        <>
          <Button variant="danger" onPress={() => conflict && rebase(conflict.definition)}>
            Discard my changes
          </Button>
          <Button isPending={isOverwriting} onPress={() => void replaceTheirs()}>
            Overwrite with my version
          </Button>
          {merge && merge.conflicts.length === 0 && (
            <Button variant="primary" onPress={() => rebase(merge.merged)}>
              Keep both
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="grid gap-6 sm:grid-cols-2">
          <Version title="Theirs" changes={theirs} empty="No changes." />
          <Version title="Yours" changes={changes} empty="No changes." />
        </div>
        {merge && merge.conflicts.length > 0 ? (
          <Banner meaning="failing" title="Both versions change the same parts and can't be merged.">
            {merge.conflicts.join(", ")}. Choose one version, or close this dialog, copy what you need, and discard yours.
          </Banner>
        ) : (
          <p className="text-muted">The changes don't overlap. Keep both applies yours on top of theirs, unsaved, for review.</p>
        )}
      </div>
    </Dialog>
  );
}

function Version({ title, changes, empty }: { title: string; changes: readonly Change[]; empty: string }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <h3>{title}</h3>
      {changes.length ? <ChangeList changes={changes} label={`${title}: changes`} /> : <p className="text-muted">{empty}</p>}
    </section>
  );
}
