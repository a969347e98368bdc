import { curlCommand } from "@/components/curl/curl";
import { ButtonLink } from "@/components/ui/button-link";
import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/page-body";
import type { ApiView } from "@/lib/management/contract/apis";
import { ExportMenu } from "../export-menu";
import { ProtectionMark } from "../protection-mark";
import { protectionWords } from "../protection-words";
import { AccessLine } from "./access-line";

/** A call that a caller can make as it stands; an API that asks for a token gets one from `$TOKEN`. */
function exampleCall(api: ApiView): string {
  const needsToken = api.protection !== null && api.protection !== "open";
  return curlCommand({ method: "GET", url: `${api.gatewayUrl}/`, headers: needsToken ? [["Authorization", "Bearer token"]] : [] });
}

function WhatCallersMeet({ api }: { api: ApiView }) {
  const isDraftDifferent = api.draftProtection !== api.protection;
  return (
    <div className="flex flex-col gap-1">
      {api.protection ? (
        <p className="flex flex-wrap items-center gap-x-3">
          <ProtectionMark protection={api.protection} />
          <span className="text-muted">{protectionWords[api.protection].sentence}</span>
        </p>
      ) : (
        <p className="text-muted">Callers get 404 until the draft is deployed.</p>
      )}
      {isDraftDifferent && (
        <p className="flex flex-wrap items-center gap-x-3">
          <ProtectionMark protection={api.draftProtection} />
          <span className="text-muted">once the draft is deployed.</span>
        </p>
      )}
    </div>
  );
}

interface CallersSectionProps {
  api: ApiView;
  /** No next step is left that would offer to try a call. */
  isFinished: boolean;
}

/** What callers meet, and a call to copy. Where they reach the API stands in the page's header. */
export function CallersSection({ api, isFinished }: CallersSectionProps) {
  return (
    <Section
      title="For callers"
      actions={
        <>
          <ExportMenu apiId={api.id} />
          {isFinished && <ButtonLink href={`/apis/${api.id}/try-it`}>Try a call</ButtonLink>}
        </>
      }
    >
      <div className="flex flex-col gap-1">
        <WhatCallersMeet api={api} />
        <AccessLine api={api} />
      </div>
      <CodeBlock label="curl command" code={exampleCall(api)} />
    </Section>
  );
}
