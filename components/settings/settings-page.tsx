"use client";

import { useDraftEditor } from "@/components/draft/draft-editor";
import { PageBody } from "@/components/ui/page-body";
import { CorsLink } from "./cors-link";
import { DeleteSection } from "./delete-section";
import { ExportSection } from "./export-section";
import { GeneralSection } from "./general-section";
import { HeadersSection } from "./headers-section";
import { PathsSection } from "./paths-section";

/** An API's settings: general, paths, headers, CORS, export, and deletion. */
export function SettingsPage() {
  const { apiId, base, discard } = useDraftEditor();
  return (
    <PageBody className="pt-5">
      <GeneralSection />
      <PathsSection />
      <HeadersSection />
      <CorsLink />
      <ExportSection />
      <DeleteSection apiId={apiId} name={base.definition.name} onDeleted={() => discard({ silently: true })} />
    </PageBody>
  );
}
