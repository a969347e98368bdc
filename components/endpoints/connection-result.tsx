import { formatDuration } from "@/components/ui/clock";
import { type KeyValue, KeyValues } from "@/components/ui/key-values";
import { StateMark } from "@/components/ui/state-mark";
import type { ConnectionTestView } from "@/lib/management/contract/endpoints";
import { lifetimeInWords, resultTitle, whereToLook } from "./connection-words";

/** Shows the result of a connection test, with a hint after a failure. Never contains the token. */
export function ConnectionResult({ result, isOld }: { result: ConnectionTestView; isOld: boolean }) {
  const hint = whereToLook(result);
  const facts: (KeyValue | false)[] = [
    { label: "Status", value: result.status ?? "No response", mono: result.status !== null },
    result.tokenType !== null && { label: "Token type", value: result.tokenType },
    result.expiresInSeconds !== null && { label: "Lifetime", value: lifetimeInWords(result.expiresInSeconds) },
    result.tokenType !== null && {
      label: "Scope",
      value: result.scope ?? "As requested (not in the response)",
      mono: result.scope !== null,
    },
    result.tokenType !== null && { label: "Refresh token", value: result.hasRefreshToken ? "Yes" : "No" },
    { label: "Duration", value: <span className="tabular-nums">{formatDuration(result.durationMs)}</span> },
  ];
  return (
    <section aria-label="Result of the connection test" className="flex flex-col gap-2 rounded-panel border border-line p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateMark meaning={result.ok ? "guarded" : "failing"}>{resultTitle(result)}</StateMark>
        {isOld && <span className="text-muted text-xs">Before your last change</span>}
      </div>
      {!result.ok && (
        <div className="flex max-w-measure flex-col gap-1">
          <p className="[overflow-wrap:anywhere]">{result.message}</p>
          {hint && <p className="text-muted">{hint}</p>}
        </div>
      )}
      <KeyValues items={facts.filter((fact) => fact !== false)} />
    </section>
  );
}
