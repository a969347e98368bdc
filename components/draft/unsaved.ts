import { useSyncExternalStore } from "react";

const unsaved = new Set<string>();
const listeners = new Set<() => void>();

/** Records whether an API's editor has unsaved changes. */
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

/** Returns whether this window has unsaved changes of an API, for components outside its editor, such as the deploy dialog. */
export function useHasUnsavedChanges(apiId: string): boolean {
  return useSyncExternalStore(
    subscribe,
    () => unsaved.has(apiId),
    () => false,
  );
}
