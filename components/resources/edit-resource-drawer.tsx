"use client";

import { useDraftEditor } from "@/components/draft/draft-editor";
import { updateResource } from "@/components/draft/edits";
import { problemsOfAnchor } from "@/components/draft/problems";
import type { ResourceItem } from "@/components/draft/working-copy";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/drawer";
import { movedSecrets, resourceNameProblem, resourceTypeOf } from "./new-resource";
import { ResourceFields } from "./resource-fields";

/** Edits a resource of the draft. Changes apply to the working copy immediately. */
export function EditResourceDrawer({ resourceKey, onClose }: { resourceKey: string | null; onClose: () => void }) {
  const { copy, isDirty, isSaving, save } = useDraftEditor();
  const resource = copy.resources.find(({ key }) => key === resourceKey);
  return (
    <Drawer
      isOpen={resource !== undefined}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={(resource && resourceTypeOf(resource.type)?.title) ?? "Resource"}
      footer={
        <>
          <Button onPress={onClose}>Done</Button>
          <Button
            variant="primary"
            isDisabled={!isDirty}
            isPending={isSaving}
            onPress={async () => {
              if (await save()) onClose();
            }}
          >
            Save draft
          </Button>
        </>
      }
    >
      {resource && <EditResource resource={resource} />}
    </Drawer>
  );
}

function EditResource({ resource }: { resource: ResourceItem }) {
  const { copy, base, edit, problems, refusal, storedSecrets } = useDraftEditor();
  const index = copy.resources.indexOf(resource);
  const prefix = `resources[${index}].`;
  const stored = storedSecrets.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const moved = movedSecrets(resource, base.definition.resources, stored);
  const own = problemsOfAnchor(problems, { kind: "resource", key: resource.key });
  const others = copy.resources.filter(({ key }) => key !== resource.key).map(({ name }) => name);
  const nameProblem = resourceNameProblem(resource.name, others);
  const shown = [
    ...own.filter(({ path }) => path !== "name" && !moved.some((secret) => secret.path === path)),
    ...moved,
    ...(nameProblem ? [{ path: "name", message: nameProblem }] : []),
  ];
  return (
    <form className="flex flex-col gap-5" onSubmit={(event) => event.preventDefault()}>
      {moved.length > 0 && (
        <Banner meaning="open" title="Enter the secret again">
          The address or certificate authority changed, so the stored secret isn't sent there.
        </Banner>
      )}
      {refusal && own.length === 0 && (problems.length > 0 || !refusal.hadProblems) && (
        <Banner meaning="failing" title="The draft wasn't saved." isAlert>
          {problems.length > 0 ? "The draft has other errors. Select Done." : refusal.message}
        </Banner>
      )}
      <ResourceFields
        resource={resource}
        onChange={(change) => edit((before) => updateResource(before, resource.key, change))}
        problems={shown}
        storedSecrets={moved.length > 0 ? [] : stored}
      />
    </form>
  );
}
