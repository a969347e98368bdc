"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { LoadFailure } from "@/components/data/load-failure";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ApiDocumentView } from "@/lib/management/contract/access";
import { AttachedDocument } from "./attached-document";
import { ChooseFile, DocumentDialog } from "./document-dialog";
import { DropArea } from "./drop-area";
import { useDocumentDraft } from "./use-document-draft";

interface DocumentSectionProps {
  apiId: string;
  query: UseQueryResult<ApiDocumentView | null>;
}

/** Attaches, replaces, and removes an API's OpenAPI document. */
export function DocumentSection({ apiId, query }: DocumentSectionProps) {
  const draft = useDocumentDraft(apiId);
  return (
    <Section title="OpenAPI document" description="Its operations are listed here, offered in Try it, and suggested in the studio.">
      {query.data ? (
        <AttachedDocument apiId={apiId} document={query.data} onReplace={draft.open} />
      ) : query.data === null ? (
        <DropArea
          label="Drop an OpenAPI document"
          onFile={(file) => void draft.takeFile(file)}
          className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-5"
        >
          <p className="min-w-0 flex-1 basis-60 text-muted">
            No document. Only operations in flows are listed. Drop one here, in JSON or YAML.
          </p>
          <div className="flex flex-wrap gap-2">
            <ChooseFile draft={draft} />
            <Button onPress={draft.open}>Paste text</Button>
          </div>
        </DropArea>
      ) : query.isError ? (
        <LoadFailure title="Couldn't load the OpenAPI document." query={query} />
      ) : (
        <SkeletonRows rows={2} label="Loading the OpenAPI document" />
      )}
      <DocumentDialog draft={draft} isReplacing={Boolean(query.data)} />
    </Section>
  );
}
