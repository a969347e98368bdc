import type { Definition } from "@/lib/definition/schema";
import { withoutSecrets } from "./working-copy";

/** Unsaved edits as this browser keeps them, without the secrets that were typed. */
export interface Autosave {
  /** What the edits started from. */
  base: Definition;
  etag: string;
  definition: Definition;
  savedAt: string;
}

const keyOf = (apiId: string) => `gatewright:draft:${apiId}`;

/** Keeps unsaved edits in this browser. A full or forbidden storage loses the safety net, not the edits. */
export function keepEdits(storage: Storage, apiId: string, edits: Omit<Autosave, "savedAt">): void {
  const kept: Autosave = { ...edits, definition: withoutSecrets(edits.definition), savedAt: new Date().toISOString() };
  try {
    storage.setItem(keyOf(apiId), JSON.stringify(kept));
  } catch {
    forgetEdits(storage, apiId);
  }
}

/** Forgets the kept edits of an API. */
export function forgetEdits(storage: Storage, apiId: string): void {
  try {
    storage.removeItem(keyOf(apiId));
  } catch {
    // A storage that cannot be written has nothing to forget.
  }
}

/** The kept edits of an API, or nothing when there are none or they cannot be read. */
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
