"use client";

import { useState } from "react";
import { type DraftRead, useApi, useSaveDraft } from "@/components/data/apis";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { DeleteSection } from "@/components/settings/delete-section";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/notify";
import { PageBody, Section } from "@/components/ui/page-body";
import { TextArea } from "@/components/ui/text-area";

/** Shows a draft that this version can't read, with its problems and its text to fix. */
export function BrokenDraft({ apiId, read }: { apiId: string; read: DraftRead }) {
  const api = useApi(apiId).data;
  const save = useSaveDraft(apiId);
  const [text, setText] = useState(() => JSON.stringify(read.definition, null, 2));
  const [syntax, setSyntax] = useState<string | null>(null);

  async function saveText() {
    let definition: Record<string, unknown>;
    try {
      // Non-objects are sent too: the management API reports the problem.
      definition = JSON.parse(text);
    } catch (error) {
      return setSyntax(error instanceof Error ? error.message : "Invalid JSON.");
    }
    setSyntax(null);
    try {
      await save.mutateAsync({ definition, etag: read.etag });
      notify.done("Draft saved");
    } catch {
      // The page shows the error and keeps the text.
    }
  }

  return (
    <PageBody className="pt-6">
      <Banner meaning="failing" title="This version of Gatewright can't read the draft.">
        <p>The active deployment keeps serving. Fix the text below and save it, or roll back to a deployment.</p>
        <ul className="mt-1 flex flex-col gap-1">
          {api?.draftProblems.map(({ path, message }) => (
            <li key={`${path} ${message}`} className="[overflow-wrap:anywhere]">
              {path && <code className="mr-2">{path}</code>}
              {message}
            </li>
          ))}
        </ul>
      </Banner>
      <Section
        title="Stored draft"
        description="Contains no secrets. Secrets of readable endpoints and resources stay stored."
        actions={
          <Button variant="primary" isPending={save.isPending} onPress={() => void saveText()}>
            Save draft
          </Button>
        }
      >
        {save.error && <ProblemBanner error={save.error} title="The draft wasn't saved." problems={problemsIn(save.error)} />}
        <TextArea label="Definition (JSON)" value={text} onChange={setText} rows={24} mono errorMessage={syntax ?? undefined} />
      </Section>
      {api && <DeleteSection apiId={apiId} name={api.name} />}
    </PageBody>
  );
}
