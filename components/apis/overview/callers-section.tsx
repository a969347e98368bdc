import { accessSentence } from "@/components/access/operations";
import { curlCommand } from "@/components/curl/curl";
import { useAccessSummary } from "@/components/data/access";
import { ButtonLink } from "@/components/ui/button-link";
import { CodeBlock } from "@/components/ui/code-block";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/page-body";
import { MeaningShape } from "@/components/ui/state-mark";
import type { ApiView } from "@/lib/management/contract/apis";
import { ExportMenu } from "../export-menu";
import { ProtectionMark } from "../protection-mark";
import { protectionWords } from "../protection-words";

/** Builds a curl command that works as is; where the API requires a token, it uses `$TOKEN`. */
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
        <p className="text-muted">Clients get 404 until you deploy the draft.</p>
      )}
      {isDraftDifferent && (
        <p className="flex flex-wrap items-center gap-x-3">
          <ProtectionMark protection={api.draftProtection} />
          <span className="text-muted">once you deploy the draft.</span>
        </p>
      )}
    </div>
  );
}

interface CallersSectionProps {
  api: ApiView;
  /** Whether no next step is left that offers Try it. */
  isFinished: boolean;
}

/** Summarizes the access of the active deployment, or of the draft if there is none. Renders nothing while unknown. */
function AccessLine({ api }: { api: ApiView }) {
  const active = api.activeDeployment;
  const summary = useAccessSummary(api.id, active ? "deployed" : "draft", active ? active.number : api.etag);
  if (!summary.data || summary.data.operations === 0) return null;
  const { anonymous, anonymousWrites, credential, token, scopes, refused } = summary.data;
  const canAnyoneWrite = anonymousWrites > 0;
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      <span className={canAnyoneWrite ? "inline-flex items-center gap-1.5 font-medium text-open" : "text-muted"}>
        {canAnyoneWrite && <MeaningShape meaning="open" />}
        {accessSentence({ anonymous, "anonymous-write": anonymousWrites, credential, token, scopes, refused })}
        {active ? "" : " in the draft"}.
      </span>
      <Link href={`/apis/${api.id}/access`}>Show access</Link>
    </p>
  );
}

/** Shows the API's protection and a request to copy. The page header has the gateway URL. */
export function CallersSection({ api, isFinished }: CallersSectionProps) {
  return (
    <Section
      title="For clients"
      actions={
        <>
          <ExportMenu apiId={api.id} />
          {isFinished && <ButtonLink href={`/apis/${api.id}/try-it`}>Try a request</ButtonLink>}
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
