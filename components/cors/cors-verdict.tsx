import type { CorsQuestion } from "@/components/data/access";
import { cx } from "@/components/ui/cx";
import { KeyValues } from "@/components/ui/key-values";
import { MeaningShape } from "@/components/ui/state-mark";
import type { CorsCheckView } from "@/lib/management/contract/access";

/** Joins repeated headers into one (RFC 9110, 5.3). */
function joined(headers: readonly { name: string; value: string }[]): [name: string, value: string][] {
  const values = new Map<string, string[]>();
  for (const { name, value } of headers) values.set(name, [...(values.get(name) ?? []), value]);
  return [...values].map(([name, all]) => [name, all.join(", ")]);
}

function Headers({ title, note, headers }: { title: string; note: string; headers: readonly { name: string; value: string }[] }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div>
        <h3 className="font-medium">{title}</h3>
        <p className="text-muted text-xs">{note}</p>
      </div>
      {headers.length > 0 && <KeyValues items={joined(headers).map(([name, value]) => ({ label: name, value, mono: true }))} />}
    </div>
  );
}

interface CorsVerdictProps {
  verdict: CorsCheckView;
  question: CorsQuestion;
  /** Whether the request or the draft changed since. */
  isStale: boolean;
}

/** Shows whether a browser allows the request, why, and the headers that decide. */
export function CorsVerdict({ verdict, question, isStale }: CorsVerdictProps) {
  const { allowed, reasons, preflight, response } = verdict;
  return (
    <div className={cx("flex max-w-160 flex-col gap-5 border-line border-t pt-4 transition-opacity", isStale && "opacity-60")}>
      <div role="status" className="flex flex-col gap-1">
        <p className="flex items-center gap-2.5 font-semibold text-lg">
          <MeaningShape meaning={allowed ? "guarded" : "failing"} className="size-3" />
          {allowed ? "Allowed" : "Blocked"}
        </p>
        <p className="text-muted">
          <span className="mono">{question.method}</span> from <span className="mono [overflow-wrap:anywhere]">{question.origin}</span>,{" "}
          {question.of === "draft" ? "by the saved draft" : "by the active deployment"}
          {isStale && ". Outdated: check again"}
        </p>
        <ul className="mt-1 flex max-w-measure flex-col gap-1">
          {reasons.map((reason) => (
            <li key={reason} className="[overflow-wrap:anywhere]">
              {reason}
            </li>
          ))}
        </ul>
      </div>
      <Headers
        title="Preflight"
        note={
          preflight.needed
            ? `The browser first sends OPTIONS; the gateway returns ${preflight.status}${preflight.headers.length > 0 ? " with" : ", without a CORS header"}`
            : "The browser sends no preflight for this request."
        }
        headers={preflight.needed ? preflight.headers : []}
      />
      <Headers
        title="Response"
        note={response.headers.length > 0 ? "The gateway adds" : "The gateway adds no CORS header."}
        headers={response.headers}
      />
    </div>
  );
}
