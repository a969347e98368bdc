"use client";

import { createContext, type ReactNode, useCallback, useContext, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { type DraftRead, readDraft, useApi, useDraft, useSaveDraft } from "@/components/data/apis";
import { ApiProblem, messageOf } from "@/components/data/client";
import { notify } from "@/components/ui/notify";
import type { Change } from "@/lib/definition/diff";
import type { Definition } from "@/lib/definition/schema";
import type { Autosave } from "./autosave";
import { type PlacedProblem, type Refusal, refusalOf, standingProblems, storedProblems } from "./problems";
import { storedSecrets as storedSecretsOf } from "./stored-secrets";
import { markUnsaved } from "./unsaved";
import { useKeptEdits } from "./use-kept-edits";
import { describeEdits } from "./words";
import { definitionText, fromDefinition, reopen, toDefinition, type WorkingCopy, withoutSentSecrets } from "./working-copy";

/** The editing state of an API's draft, shared by every page that edits it. */
export interface DraftEditor {
  apiId: string;
  copy: WorkingCopy;
  /** The version that editing started from, with its ETag. */
  base: DraftRead;
  /** The definition to save. */
  edited: Definition;
  isDirty: boolean;
  /** The unsaved changes in words. */
  changes: readonly Change[];
  /** The unresolved problems of a rejected save or of the stored draft. */
  problems: readonly PlacedProblem[];
  refusal: Refusal | null;
  /** The version that someone else saved since. */
  conflict: DraftRead | null;
  /** Whether someone else saved a newer version that no save has conflicted with yet. */
  isBehind: boolean;
  isSaving: boolean;
  /** Number of successful saves, to announce each. */
  savedCount: number;
  /** Paths of stored secrets in the working copy. */
  storedSecrets: readonly string[];
  /** Paths of stored secrets to enter again, because their target's origin changed. */
  movedSecrets: readonly string[];
  /** Unsaved edits of an earlier visit. */
  left: Autosave | null;
  edit: (change: (copy: WorkingCopy) => WorkingCopy) => void;
  /** Saves; returns whether it succeeded. On failure, see `problems` or `conflict`. */
  save: () => Promise<boolean>;
  /** Reverts to the saved version; offers undo unless silent. */
  discard: (options?: { silently?: boolean }) => void;
  restoreLeft: () => void;
  dismissLeft: () => void;
  /** Loads the stored version and opens the comparison. */
  compare: () => Promise<void>;
  /** Continues editing `definition` on top of the version that someone else saved. */
  rebase: (definition: Definition) => void;
  /** Overwrites the other version with this one. */
  overwrite: () => Promise<boolean>;
  closeConflict: () => void;
}

const DraftEditorContext = createContext<DraftEditor | null>(null);

/** Returns the draft editor of the current API. */
export function useDraftEditor(): DraftEditor {
  const editor = useContext(DraftEditorContext);
  if (!editor) throw new Error("useDraftEditor requires a DraftEditorProvider.");
  return editor;
}

interface State {
  base: DraftRead;
  copy: WorkingCopy;
  refusal: Refusal | null;
  conflict: DraftRead | null;
}

const opened = (base: DraftRead, copy = fromDefinition(base.definition)): State => ({ base, copy, refusal: null, conflict: null });

/** Provides the working copy of a loaded draft. */
export function DraftEditorProvider({ apiId, read, children }: { apiId: string; read: DraftRead; children: ReactNode }) {
  const [state, setState] = useState(() => opened(read));
  const [isSaving, setIsSaving] = useState(false);
  const [savedCount, setSavedCount] = useState(0);
  const draft = useDraft(apiId);
  const api = useApi(apiId);
  const { mutateAsync: saveDraft } = useSaveDraft(apiId);
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  });
  const saving = useRef(false);

  const { base, copy, refusal, conflict } = state;
  const edited = useMemo(() => toDefinition(copy), [copy]);
  const baseText = useMemo(() => definitionText(base.definition), [base]);
  const isDirty = useMemo(() => definitionText(edited) !== baseText, [edited, baseText]);
  const stored = api.data?.storedSecrets;
  // The change list can lag behind typing; the dirty state can't.
  const settled = useDeferredValue(edited);
  const changes = useMemo(() => (isDirty ? describeEdits(base.definition, settled, stored) : []), [isDirty, base, settled, stored]);
  const problems = useMemo(
    () => (refusal ? standingProblems(copy, refusal) : storedProblems(copy, base.definition)),
    [copy, refusal, base],
  );
  const { kept: storedSecrets, moved: movedSecrets } = useMemo(
    () => storedSecretsOf(stored ?? [], base.definition, copy),
    [stored, base, copy],
  );
  const { left, dismiss } = useKeptEdits({ apiId, base: base.definition, etag: base.etag, edited, isDirty });

  // Without unsaved edits, show a newer version immediately. Otherwise the user decides.
  const current = draft.data;
  const isOther = current !== undefined && current.etag !== base.etag && !isSaving;
  useEffect(() => {
    if (current && isOther && !isDirty) setState(opened(current));
  }, [current, isOther, isDirty]);
  useEffect(() => {
    markUnsaved(apiId, isDirty);
    return () => markUnsaved(apiId, false);
  }, [apiId, isDirty]);

  const edit = useCallback(
    (change: (copy: WorkingCopy) => WorkingCopy) => setState((before) => ({ ...before, copy: change(before.copy) })),
    [],
  );

  const send = useCallback(
    async (etag: string): Promise<boolean> => {
      if (saving.current) return false;
      saving.current = true;
      setIsSaving(true);
      const sent = latest.current.copy;
      try {
        const saved = await saveDraft({ definition: { ...toDefinition(sent) }, etag });
        setState((now) => opened(saved, now.copy === sent ? reopen(saved.definition, sent) : withoutSentSecrets(now.copy, sent)));
        setSavedCount((count) => count + 1);
        return true;
      } catch (error) {
        const failure = error instanceof ApiProblem ? error : new ApiProblem(0, messageOf(error));
        if (failure.status === 412) {
          const theirs = await readDraft(apiId).catch(() => null);
          if (theirs) setState((now) => ({ ...now, conflict: theirs }));
          else
            setState((now) => ({
              ...now,
              refusal: refusalOf({ message: failure.message, requestId: failure.requestId, problems: [] }, sent),
            }));
        } else {
          setState((now) => ({
            ...now,
            refusal: refusalOf({ message: failure.message, requestId: failure.requestId, problems: failure.problems }, sent),
          }));
        }
        return false;
      } finally {
        saving.current = false;
        setIsSaving(false);
      }
    },
    [apiId, saveDraft],
  );

  const editor = useMemo<DraftEditor>(
    () => ({
      apiId,
      copy,
      base,
      edited,
      isDirty,
      changes,
      problems,
      refusal,
      conflict,
      isBehind: isOther && isDirty && conflict === null,
      isSaving,
      savedCount,
      storedSecrets,
      movedSecrets,
      left,
      edit,
      save: () => send(latest.current.base.etag),
      discard(options) {
        const before = latest.current;
        setState(opened(current ?? before.base));
        if (!options?.silently) notify.info("Unsaved changes discarded", { action: { label: "Undo", onPress: () => setState(before) } });
      },
      restoreLeft() {
        if (!left) return;
        setState(opened({ definition: left.base, etag: left.etag }, fromDefinition(left.definition)));
        dismiss();
      },
      dismissLeft: dismiss,
      async compare() {
        const theirs = await readDraft(apiId).catch(() => null);
        if (theirs) setState((now) => ({ ...now, conflict: theirs }));
        else notify.failed("Couldn't load the saved version", { description: "Check that the console is running, then try again." });
      },
      rebase: (definition) => setState((now) => (now.conflict ? opened(now.conflict, fromDefinition(definition)) : now)),
      async overwrite() {
        const theirs = latest.current.conflict;
        if (!theirs) return false;
        setState((now) => ({ ...now, base: theirs, conflict: null }));
        return send(theirs.etag);
      },
      closeConflict: () => setState((now) => ({ ...now, conflict: null })),
    }),
    [
      apiId,
      copy,
      base,
      edited,
      isDirty,
      changes,
      problems,
      refusal,
      conflict,
      isOther,
      isSaving,
      savedCount,
      storedSecrets,
      movedSecrets,
      left,
      edit,
      send,
      current,
      dismiss,
    ],
  );
  return <DraftEditorContext.Provider value={editor}>{children}</DraftEditorContext.Provider>;
}
