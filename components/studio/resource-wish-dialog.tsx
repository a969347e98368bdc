"use client";

import { useDraftEditor } from "@/components/draft/draft-editor";
import { AddResourceDialog } from "@/components/resources/add-resource-dialog";
import { focusLater } from "./focus-later";
import { useStudio, useStudioActions } from "./studio-context";

/** Adds a resource that a step requires and selects it in the step. */
export function ResourceWishDialog() {
  const { resourceWish } = useStudio();
  const { wishResource, grantResource } = useStudioActions();
  const { copy } = useDraftEditor();
  return (
    <AddResourceDialog
      isOpen={resourceWish !== null}
      onOpenChange={(isOpen) => !isOpen && wishResource(null)}
      {...(resourceWish && { types: resourceWish.types })}
      copy={copy}
      onAdd={(resource) => {
        grantResource(resource);
        focusLater("[data-studio-form]");
      }}
    />
  );
}
