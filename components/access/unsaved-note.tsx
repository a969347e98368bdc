"use client";

import { useDraftEditor } from "@/components/draft/draft-editor";
import { Banner } from "@/components/ui/banner";

/** Says that the levels are those of the draft as it was saved. The bar above saves. */
export function UnsavedNote() {
  const { isDirty } = useDraftEditor();
  if (!isDirty) return null;
  return <Banner meaning="pending">These are the levels of the draft as it was saved. Save the draft to see what your changes do.</Banner>;
}
