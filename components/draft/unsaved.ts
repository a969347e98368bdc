import { useSyncExternalStore } from "react";

const unsaved = new Set<string>();
const listeners = new Set<() => void>();

/** Says whether the editor of an API holds changes that are not saved; the editor calls it. */
export function markUnsaved(apiId: string, isUnsaved: boolean): void {
  if (unsaved.has(apiId) === isUnsaved) return;
  if (isUnsaved) unsaved.add(apiId);
  else unsaved.delete(apiId);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this window holds unsaved changes of an API, for what stands outside its editor, such as the deploy dialog. */
export function useHasUnsavedChanges(apiId: string): boolean {
  return useSyncExternalStore(
    subscribe,
    () => unsaved.has(apiId),
    () => false,
  );
}
