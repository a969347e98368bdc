"use client";

import { ChevronDown } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button as AriaButton, Dialog, DialogTrigger } from "react-aria-components";
import { ChangeList } from "@/components/deployments/change-list";
import { Button } from "@/components/ui/button";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { Popover } from "@/components/ui/popover";
import { type DraftEditor, useDraftEditor } from "./draft-editor";

/** The pages that share the working copy: navigating between them keeps it. */
const EDITING_PAGE = /^\/(studio|endpoints|resources|access|cors|settings)(\?|#|$)/;

const count = (changes: number) => `${changes} unsaved ${changes === 1 ? "change" : "changes"}`;

/** Shows unsaved changes, and saves or discards them. Ctrl+S and ⌘S also save. */
export function DraftBar() {
  const editor = useDraftEditor();
  const { isDirty, isSaving, changes, save, discard, apiId } = editor;
  useSaveShortcut(editor);
  useLeaveGuard(isDirty ? `${count(changes.length)} to this draft will be lost.` : null, {
    allows: (href) => href.startsWith(`/apis/${apiId}/`) && EDITING_PAGE.test(href.slice(`/apis/${apiId}`.length)),
    onSave: save,
    onDiscard: () => discard({ silently: true }),
  });
  return (
    <section
      aria-label="Draft"
      data-draft-bar=""
      className="sticky top-0 z-20 flex min-h-11 shrink-0 items-center gap-2 border-line border-b bg-surface px-4 py-1.5 lg:px-6"
    >
      {isDirty ? <UnsavedChanges changes={changes} /> : <SavedState editor={editor} />}
      <p role="status" className="sr-only">
        {!isDirty && editor.savedCount > 0 ? `Draft saved${editor.savedCount > 1 ? ` (${editor.savedCount})` : ""}` : ""}
      </p>
      <Button variant="quiet" isDisabled={!isDirty || isSaving} onPress={() => discard()} className="ml-auto">
        <span>
          Discard<span className="max-sm:sr-only"> changes</span>
        </span>
      </Button>
      <Button variant="primary" isDisabled={!isDirty} isPending={isSaving} onPress={() => void save()}>
        Save draft
      </Button>
    </section>
  );
}

function SavedState({ editor }: { editor: DraftEditor }) {
  return <p className="min-w-0 truncate text-muted">{editor.savedCount > 0 ? "Draft saved" : "No unsaved changes"}</p>;
}

function UnsavedChanges({ changes }: Pick<DraftEditor, "changes">) {
  return (
    <DialogTrigger>
      <AriaButton className="flex h-8 min-w-0 cursor-default items-center gap-2 rounded-control px-2 font-medium hover:bg-sunken aria-expanded:bg-sunken -ml-2">
        <span aria-hidden className="size-1.5 shrink-0 rounded-full bg-ink" />
        <span className="truncate">{count(changes.length)}</span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
      </AriaButton>
      <Popover placement="bottom start" className="w-120 max-w-[calc(100vw-32px)]">
        <Dialog aria-label="Unsaved changes" className="max-h-80 overflow-y-auto px-4 py-3 outline-none">
          <ChangeList changes={changes} label="Unsaved changes" />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function useSaveShortcut({ isDirty, isSaving, save }: DraftEditor) {
  const latest = useRef({ isDirty, isSaving, save });
  useEffect(() => {
    latest.current = { isDirty, isSaving, save };
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
      // Prevents the browser's save dialog.
      event.preventDefault();
      const { isDirty: hasChanges, isSaving: isBusy, save: saveNow } = latest.current;
      if (hasChanges && !isBusy) void saveNow();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
