"use client";

import { FileUp } from "lucide-react";
import { useId } from "react";
import { FileTrigger } from "react-aria-components";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/text-area";
import { DocumentRefusal } from "./document-refusal";
import { DropArea } from "./drop-area";
import type { DocumentDraft } from "./use-document-draft";

/** Attaches an OpenAPI document from a file or text. */
export function DocumentDialog({ draft, isReplacing }: { draft: DocumentDraft; isReplacing: boolean }) {
  const formId = useId();
  const verb = isReplacing ? "Replace document" : "Attach document";
  return (
    <Dialog
      isOpen={draft.isOpen}
      onOpenChange={draft.setIsOpen}
      title={isReplacing ? "Replace the OpenAPI document" : "Attach an OpenAPI document"}
      description="OpenAPI 3.0 or 3.1 in JSON or YAML, at most 1 MB. Its paths are relative to the context path. It doesn't change deployments."
      width="large"
      footer={
        <>
          <Button onPress={() => draft.setIsOpen(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={draft.isPending}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void draft.attach();
        }}
      >
        {draft.error && <DocumentRefusal error={draft.error} text={draft.text} />}
        <DropArea
          label="Drop an OpenAPI document"
          onFile={(file) => void draft.takeFile(file)}
          className="flex flex-wrap items-center gap-3 px-3 py-2"
        >
          <ChooseFile draft={draft} />
          <span className="min-w-0 truncate text-muted">{draft.fileName ?? "Or drop it here"}</span>
        </DropArea>
        <TextArea
          label="OpenAPI document"
          mono
          rows={14}
          value={draft.text}
          onChange={draft.change}
          errorMessage={draft.problem}
          placeholder={
            "openapi: 3.1.0\ninfo:\n  title: Orders\n  version: 1.0.0\npaths:\n  /orders/{id}:\n    get:\n      summary: Read an order"
          }
        />
      </form>
    </Dialog>
  );
}

/** A button that reads a document from a file. */
export function ChooseFile({ draft }: { draft: DocumentDraft }) {
  return (
    <FileTrigger
      acceptedFileTypes={[".yaml", ".yml", ".json"]}
      onSelect={(files) => {
        const file = files?.[0];
        if (file) void draft.takeFile(file);
      }}
    >
      <Button icon={<FileUp aria-hidden className="size-4" />}>Choose file</Button>
    </FileTrigger>
  );
}
