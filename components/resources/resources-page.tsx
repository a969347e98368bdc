"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { addResource } from "@/components/draft/edits";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { AddResourceDialog } from "./add-resource-dialog";
import { EditResourceDrawer } from "./edit-resource-drawer";
import { ResourceTable } from "./resource-table";

/** Manages the resources of an API. */
export function ResourcesPage() {
  const { copy, edit } = useDraftEditor();
  const [isAdding, setIsAdding] = useState(false);
  const [editedKey, setEditedKey] = useEditedResource();
  const addButton = (
    <Button icon={<Plus aria-hidden className="size-4" />} onPress={() => setIsAdding(true)}>
      Add resource
    </Button>
  );
  return (
    <PageBody className="pt-5">
      <Section
        title="Resources"
        description="Authorization servers that validate tokens for this API's steps. Save and deploy the draft to apply changes."
        actions={copy.resources.length > 0 && addButton}
      >
        {copy.resources.length === 0 ? (
          <EmptyState action={addButton}>No resources. Steps need one to check tokens.</EmptyState>
        ) : (
          <ResourceTable onEdit={setEditedKey} />
        )}
      </Section>
      <AddResourceDialog
        isOpen={isAdding}
        onOpenChange={setIsAdding}
        copy={copy}
        onAdd={(resource) => {
          edit((before) => addResource(before, resource));
          setIsAdding(false);
        }}
      />
      <EditResourceDrawer resourceKey={editedKey} onClose={() => setEditedKey(null)} />
    </PageBody>
  );
}

/** Holds the key of the edited resource; `?edit=0` opens one by index. */
function useEditedResource(): [string | null, (key: string | null) => void] {
  const { copy } = useDraftEditor();
  const params = useSearchParams();
  const wanted = params.get("edit");
  const [key, setKey] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link opens the resource at that index once.
  useEffect(() => {
    if (wanted === null) return;
    setKey(copy.resources[Number(wanted)]?.key ?? null);
    window.history.replaceState(null, "", window.location.pathname);
  }, [wanted]);
  return [key, setKey];
}
