import { useState } from "react";
import { isOutdated } from "./client";

/**
 * Returns the ETag to save a form with: the current one, unless the form's fields changed on the server while editing.
 * Then it stays the initial one, and saving fails with 412 instead of overwriting an unseen change.
 * @param current the ETag of the displayed data
 * @param fields the fields that the form edits; other changes don't matter
 * @param isEditing whether the form has changes
 */
export function useSeenEtag(current: string, fields: unknown, isEditing: boolean) {
  const shown = JSON.stringify(fields);
  const [seen, setSeen] = useState<{ etag: string; shown: string } | null>(null);
  const isCurrent = seen === null || !isEditing || seen.shown === shown;
  if (isCurrent && (seen?.etag !== current || seen.shown !== shown)) setSeen({ etag: current, shown });
  return {
    seenEtag: isCurrent ? current : seen.etag,
    /** After 412, marks the displayed data as seen: the user was told that it changed. */
    takeAsSeen: (failure: unknown) => {
      if (isOutdated(failure)) setSeen(null);
    },
  };
}
