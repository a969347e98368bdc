import { useEffect, useState } from "react";
import type { Definition } from "@/lib/definition/schema";
import { type Autosave, forgetEdits, keepEdits, keptEdits } from "./autosave";
import { sameDefinition } from "./working-copy";

/** Delay between an edit and storing it. */
const DELAY_MS = 400;

interface KeptEditsInput {
  apiId: string;
  base: Definition;
  etag: string;
  edited: Definition;
  isDirty: boolean;
}

/**
 * Stores unsaved edits in the browser, and deletes them once saved. Returns those of an earlier visit until restored or dismissed.
 */
export function useKeptEdits({ apiId, base, etag, edited, isDirty }: KeptEditsInput): { left: Autosave | null; dismiss: () => void } {
  const [left, setLeft] = useState<Autosave | null>(() => {
    if (typeof window === "undefined") return null;
    const kept = keptEdits(window.localStorage, apiId);
    return kept && !sameDefinition(kept.definition, base) ? kept : null;
  });

  useEffect(() => {
    if (!isDirty) {
      // Edits of an earlier visit stay stored until the user decides.
      if (!left) forgetEdits(window.localStorage, apiId);
      return;
    }
    const keep = () => keepEdits(window.localStorage, apiId, { base, etag, definition: edited });
    const timer = setTimeout(keep, DELAY_MS);
    window.addEventListener("pagehide", keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", keep);
    };
  }, [apiId, base, etag, edited, isDirty, left]);

  return {
    left,
    dismiss() {
      setLeft(null);
      if (!isDirty) forgetEdits(window.localStorage, apiId);
    },
  };
}
