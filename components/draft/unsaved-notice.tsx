"use client";

import { Banner } from "@/components/ui/banner";
import { useHasUnsavedChanges } from "./unsaved";

/** Says that what is deployed is the saved draft, while this window holds changes that are not in it. */
export function UnsavedNotice({ apiId }: { apiId: string }) {
  if (!useHasUnsavedChanges(apiId)) return null;
  return (
    <Banner meaning="open" title="You have unsaved changes.">
      They are not part of this deployment. Save the draft first if they should be.
    </Banner>
  );
}
