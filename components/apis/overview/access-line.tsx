import { accessSentence } from "@/components/access/operations";
import { useAccessSummary } from "@/components/data/access";
import { Link } from "@/components/ui/link";
import { MeaningShape } from "@/components/ui/state-mark";
import type { ApiView } from "@/lib/management/contract/apis";

/** What the operations ask, in one line: of what runs, or of the draft while nothing does. Absent while it is not known. */
export function AccessLine({ api }: { api: ApiView }) {
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
