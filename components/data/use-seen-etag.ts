import { useState } from "react";
import { isOutdated } from "./client";

/**
 * The ETag to save a form with, so that nobody's change is overwritten unseen. It is the current one, unless what the form is
 * about changed while it was being edited: then it stays the one that the person began with, and saving responds 412.
 * @param current the ETag of what is shown
 * @param fields what of it the form is about; changes of anything else don't matter
 * @param isEditing whether the form has changes
 */
export function useSeenEtag(current: string, fields: unknown, isEditing: boolean) {
  const shown = JSON.stringify(fields);
  const [seen, setSeen] = useState<{ etag: string; shown: string } | null>(null);
  const isCurrent = seen === null || !isEditing || seen.shown === shown;
  if (isCurrent && (seen?.etag !== current || seen.shown !== shown)) setSeen({ etag: current, shown });
  return {
    seenEtag: isCurrent ? current : seen.etag,
    /** After 412, takes what is shown from now on as seen: the person was told that it changed. */
    takeAsSeen: (failure: unknown) => {
      if (isOutdated(failure)) setSeen(null);
    },
  };
}
