"use client";

import { useDraftEditor } from "@/components/draft/draft-editor";
import { usesOf } from "@/components/draft/edits";
import { bareFlow, type ResourceItem } from "@/components/draft/working-copy";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Link } from "@/components/ui/link";
import { flowTitle } from "@/lib/definition/diff";
import { registry } from "@/lib/gateway/schemas";

/** Lists the steps that prevent removing a resource. */
export function InUseDialog({ resource, onClose }: { resource: ResourceItem | null; onClose: () => void }) {
  const { apiId, copy } = useDraftEditor();
  const uses = resource ? usesOf(copy, resource.name) : [];
  return (
    <Dialog
      isOpen={resource !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`${resource?.name ?? "The resource"} is in use`}
      description="These steps check tokens with it. Change their resource or remove them first."
      width="small"
      footer={<Button onPress={onClose}>Close</Button>}
    >
      <ul className="flex flex-col gap-1">
        {uses.map(({ flow, flowIndex, phase, step, stepIndex }) => (
          <li key={step.key} className="truncate">
            <Link href={`/apis/${apiId}/studio?flow=${flowIndex}&step=${phase}.${stepIndex}`}>
              {flowTitle(bareFlow(flow))}, {step.name || registry.policies.find(({ id }) => id === step.policy)?.title || step.policy}
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
