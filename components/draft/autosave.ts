import type { Definition } from "@/lib/definition/schema";
import { withoutSecrets } from "./working-copy";

/** Unsaved edits in the browser's storage, without typed secrets. */
export interface Autosave {
  /** The version that the edits started from. */
  base: Definition;
  etag: string;
  definition: Definition;
  savedAt: string;
}

const keyOf = (apiId: string) => `gatewright:draft:${apiId}`;

/** Stores unsaved edits in the browser. Without storage, editing works but isn't backed up. */
export function keepEdits(storage: Storage, apiId: string, edits: Omit<Autosave, "savedAt">): void {
  const kept: Autosave = { ...edits, definition: withoutSecrets(edits.definition), savedAt: new Date().toISOString() };
  try {
    storage.setItem(keyOf(apiId), JSON.stringify(kept));
  } catch {
    forgetEdits(storage, apiId);
  }
}

/** Deletes the stored edits of an API. */
export function forgetEdits(storage: Storage, apiId: string): void {
  try {
    storage.removeItem(keyOf(apiId));
  } catch {
    // Storage that can't be written holds nothing to delete.
  }
}

/** Returns an API's stored edits; null if none or unreadable. */
export function keptEdits(storage: Storage, apiId: string): Autosave | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(apiId)) ?? "null");
    return isAutosave(kept) ? kept : null;
  } catch {
    return null;
  }
}

const isDefinition = (value: unknown): value is Definition =>
  typeof value === "object" &&
  value !== null &&
  Array.isArray((value as Definition).flows) &&
  Array.isArray((value as Definition).resources);

function isAutosave(value: unknown): value is Autosave {
  if (typeof value !== "object" || value === null) return false;
  const kept = value as Autosave;
  return isDefinition(kept.base) && isDefinition(kept.definition) && typeof kept.etag === "string" && typeof kept.savedAt === "string";
}
