import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { StateMark } from "@/components/ui/state-mark";
import type { TokenPreviewView } from "@/lib/management/contract/authorization";
import { lifetimeWords } from "../policies/lifetime-words";
import { ClaimLines } from "./claim-lines";
import { ConsideredList } from "./considered-list";
import { sourceOf } from "./source-words";

type Issued = Extract<TokenPreviewView, { issued: true }>;
type Denied = Extract<TokenPreviewView, { issued: false }>;

const SECONDS_PER_MINUTE = 60;

function Reading({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 border-line border-l pl-3">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="min-w-0 font-medium [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function IssuedResult({ preview, base }: { preview: Issued; base: string }) {
  return (
    <>
      <StateMark meaning={preview.scopes.length > 0 ? "scoped" : "guarded"}>Token issued</StateMark>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Reading label="Decided by">
          <Link href={`${base}/policies`}>{preview.policy.name}</Link>
          <span className="block font-normal">{preview.rule.name}</span>
        </Reading>
        <Reading label="Lifetime">{lifetimeWords(Math.round(preview.lifetimeSeconds / SECONDS_PER_MINUTE))}</Reading>
        <Reading label="Scopes">
          {preview.scopes.length === 0 ? (
            <span className="font-normal text-muted">None</span>
          ) : (
            <span className="mono">{preview.scopes.join(" ")}</span>
          )}
        </Reading>
        <Reading label="Token">
          {preview.format === "jwt" ? "JWT" : "Opaque"}, {preview.tokenType}
        </Reading>
      </dl>
      <ClaimLines
        title={preview.format === "jwt" ? "Claims" : "Introspection response"}
        members={preview.claims}
        sourceOf={(claim) => sourceOf(preview, claim)}
        base={base}
      />
      {preview.header && <ClaimLines title="Header" members={preview.header} />}
    </>
  );
}

function DeniedResult({ preview }: { preview: Denied }) {
  return (
    <div className="flex flex-col gap-2 rounded-control bg-failing-soft px-3 py-3">
      <StateMark meaning="failing">Token denied</StateMark>
      <p className="max-w-measure first-letter:uppercase [overflow-wrap:anywhere]">{preview.description}</p>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-muted">Error</dt>
        <dd className="mono">{preview.error}</dd>
        {preview.policy && (
          <>
            <dt className="text-muted">Decided by</dt>
            <dd className="[overflow-wrap:anywhere]">
              {preview.policy.name}
              {preview.rule && ` › ${preview.rule.name}`}
            </dd>
          </>
        )}
        {preview.deniedScopes.length > 0 && (
          <>
            <dt className="text-muted">Denied scopes</dt>
            <dd className="mono font-medium text-failing [overflow-wrap:anywhere]">{preview.deniedScopes.join(" ")}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** Shows the previewed token's content, or why it's denied. */
export function PreviewResult({ preview, base }: { preview: TokenPreviewView; base: string }) {
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {preview.issued ? <IssuedResult preview={preview} base={base} /> : <DeniedResult preview={preview} />}
      <ConsideredList considered={preview.considered} isIssued={preview.issued} />
    </div>
  );
}
