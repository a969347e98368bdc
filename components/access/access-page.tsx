"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useAccess, useApiDocument, type Which } from "@/components/data/access";
import { useApi } from "@/components/data/apis";
import { LoadFailure } from "@/components/data/load-failure";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { DocumentSection } from "@/components/openapi/document-section";
import { operationName } from "@/components/openapi/operation-words";
import { Banner } from "@/components/ui/banner";
import { notify } from "@/components/ui/notify";
import { PageBody, Section } from "@/components/ui/page-body";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { SkeletonRows } from "@/components/ui/skeleton";
import { flowTitle } from "@/lib/definition/diff";
import { flowLabel } from "@/lib/definition/flow-label";
import type { AccessOperationView } from "@/lib/management/contract/access";
import { AccessContent } from "./access-content";
import { AllowAnonymousDialog } from "./allow-anonymous-dialog";
import { type DraftChange, withFlowsOf } from "./draft-change";
import { RequireTokenDialog } from "./require-token-dialog";
import type { FlowInStudio } from "./requirements";

/** States that the levels are those of the saved draft, not of unsaved edits. */
function UnsavedNote() {
  const { isDirty } = useDraftEditor();
  if (!isDirty) return null;
  return <Banner meaning="pending">These levels are those of the saved draft. Save the draft to include your changes.</Banner>;
}

/** Lists the access that each operation requires, with actions to require a token or to allow anonymous requests. */
export function AccessPage() {
  const { apiId, base, edited, edit } = useDraftEditor();
  const router = useRouter();
  const api = useApi(apiId);
  const document = useApiDocument(apiId);
  const active = api.data?.activeDeployment ?? null;
  const [wanted, setWanted] = useState<Which>("draft");
  const of = active ? wanted : "draft";
  const access = useAccess(apiId, of, of === "draft" ? base.etag : active?.number);
  const [isRequiring, setIsRequiring] = useState(false);
  const [opened, setOpened] = useState<AccessOperationView | null>(null);
  const isDraft = of === "draft";

  function apply(change: DraftChange, title: string) {
    edit((copy) => withFlowsOf(copy, change.definition));
    setIsRequiring(false);
    setOpened(null);
    notify.done(title, {
      description: "Save the draft to keep it.",
      action: { label: "Open studio", onPress: () => router.push(`/apis/${apiId}/studio`) },
    });
  }

  function flowOf(label: string): FlowInStudio | null {
    const index = isDraft ? edited.flows.findIndex((flow) => flow.enabled && flowLabel(flow) === label) : -1;
    const flow = edited.flows[index];
    return flow ? { title: flowTitle(flow), href: `/apis/${apiId}/studio?flow=${index}` } : null;
  }

  return (
    <PageBody className="pt-5">
      <Section
        title="Access levels"
        description="Access each operation requires. Computed with the gateways' own matching."
        actions={
          active && (
            <SegmentedControl
              label="Show"
              hideLabel
              options={[
                { id: "draft", label: "Draft" },
                { id: "deployed", label: `Deployment ${active.number}` },
              ]}
              value={of}
              onChange={setWanted}
            />
          )
        }
      >
        {isDraft && <UnsavedNote />}
        {access.data ? (
          <AccessContent
            access={access.data}
            flowOf={flowOf}
            onRequireToken={isDraft ? () => setIsRequiring(true) : undefined}
            onAllowAnonymous={isDraft ? setOpened : undefined}
          />
        ) : access.isError ? (
          <LoadFailure title="Couldn't load the access levels." query={access} />
        ) : (
          <SkeletonRows rows={6} label="Loading the operations" />
        )}
      </Section>
      <DocumentSection apiId={apiId} query={document} />
      <RequireTokenDialog
        apiId={apiId}
        isOpen={isRequiring}
        onOpenChange={setIsRequiring}
        edited={edited}
        onApply={(change) => apply(change, "The draft requires a token for all operations")}
      />
      <AllowAnonymousDialog
        operation={opened}
        onClose={() => setOpened(null)}
        edited={edited}
        onApply={(operation, change) => apply(change, `The draft allows ${operationName(operation)} without a token`)}
      />
    </PageBody>
  );
}
