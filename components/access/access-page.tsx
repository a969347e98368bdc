"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useAccess, useApiDocument, type Which } from "@/components/data/access";
import { useApi } from "@/components/data/apis";
import { LoadFailure } from "@/components/data/load-failure";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { DocumentSection } from "@/components/openapi/document-section";
import { notify } from "@/components/ui/notify";
import { PageBody, Section } from "@/components/ui/page-body";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { SkeletonRows } from "@/components/ui/skeleton";
import { flowTitle } from "@/lib/definition/diff";
import type { AccessOperationView } from "@/lib/management/contract/access";
import { AccessContent } from "./access-content";
import { AllowAnonymousDialog } from "./allow-anonymous-dialog";
import { type DraftChange, withFlowsOf } from "./draft-change";
import { operationName } from "./operations";
import { RequireTokenDialog } from "./require-token-dialog";
import { UnsavedNote } from "./unsaved-note";

/** What each operation of an API asks of its callers, and the two changes that make it more or less. */
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

  function studioOf(flow: string): string | null {
    const index = isDraft ? edited.flows.findIndex((candidate) => candidate.enabled && flowTitle(candidate) === flow) : -1;
    return index < 0 ? null : `/apis/${apiId}/studio?flow=${index}`;
  }

  return (
    <PageBody className="pt-5">
      <Section
        title="Levels of access"
        description="What each operation asks of its callers, as the gateways' own matching decides it."
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
            studioOf={studioOf}
            onRequireToken={isDraft ? () => setIsRequiring(true) : undefined}
            onAllowAnonymous={isDraft ? setOpened : undefined}
          />
        ) : access.isError ? (
          <LoadFailure title="The levels of access could not be loaded." query={access} />
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
        onApply={(change) => apply(change, "The draft requires a token for everything")}
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
