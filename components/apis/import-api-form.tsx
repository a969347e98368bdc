"use client";

import { FileUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useImportApi } from "@/components/data/apis";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { TextArea } from "@/components/ui/text-area";
import { DOCUMENT_BYTES_MAX, tooLarge } from "./document-size";

interface ImportApiFormProps {
  onLeftovers: (leftovers: { apiId: string; name: string; items: readonly string[] }) => void;
}

/** Imports a pasted or chosen document. The text stays after an error. */
export function ImportApiForm({ onLeftovers }: ImportApiFormProps) {
  const router = useRouter();
  const importApi = useImportApi();
  const [text, setText] = useState("");
  const [fileName, setFileName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | undefined>();
  useLeaveGuard(text !== "" && !importApi.isSuccess ? "This document hasn't been imported yet." : null);

  function change(next: string) {
    setText(next);
    setProblem(undefined);
    importApi.reset();
  }

  async function choose(files: FileList | null) {
    const file = files?.[0];
    if (!file) return;
    if (file.size > DOCUMENT_BYTES_MAX) return setProblem(tooLarge(file.size, file.name));
    change(await file.text());
    setFileName(file.name);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return setProblem("Paste a document or choose a file.");
    const bytes = new Blob([text]).size;
    if (bytes > DOCUMENT_BYTES_MAX) return setProblem(tooLarge(bytes));
    importApi.mutate(text, {
      onSuccess: (api) => {
        if (api.notCarriedOver.length > 0) onLeftovers({ apiId: api.id, name: api.name, items: api.notCarriedOver });
        else router.push(`/apis/${api.id}`);
      },
    });
  }

  return (
    <form onSubmit={submit} noValidate className="flex max-w-220 flex-col gap-4">
      {importApi.error && (
        <ProblemBanner error={importApi.error} title="The document wasn't imported." problems={problemsIn(importApi.error)} />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <FileTrigger acceptedFileTypes={[".yaml", ".yml", ".json"]} onSelect={(files) => void choose(files)}>
          <Button icon={<FileUp aria-hidden className="size-4" />}>Choose file</Button>
        </FileTrigger>
        <span className="min-w-0 truncate text-muted">{fileName ?? "YAML or JSON, at most 5 MB"}</span>
      </div>
      <TextArea
        label="API definition"
        mono
        rows={20}
        value={text}
        onChange={change}
        errorMessage={problem}
        placeholder={"gatewright: 1\nname: Orders\ncontextPath: /orders\nendpoints:\n  production:\n    url: https://orders.internal/v2"}
        description="A definition exported from an API's settings. It has no secrets: enter them after the import."
      />
      <div className="flex flex-wrap gap-2 border-line border-t pt-5">
        <Button type="submit" variant="primary" isPending={importApi.isPending || importApi.isSuccess}>
          Import API
        </Button>
        <ButtonLink href="/apis" variant="quiet">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
