import { levelOf } from "@/components/access/levels";
import { accessSentence } from "@/components/access/operations";
import { useAccess } from "@/components/data/access";
import { Link } from "@/components/ui/link";
import { MeaningShape } from "@/components/ui/state-mark";
import type { ApiView } from "@/lib/management/contract/apis";

/** What the operations ask, in one line: of what runs, or of the draft while nothing does. Absent while it is not known. */
export function AccessLine({ api }: { api: ApiView }) {
  const active = api.activeDeployment;
  const access = useAccess(api.id, active ? "deployed" : "draft", active ? active.number : api.etag);
  if (!access.data || access.data.operations.length === 0) return null;
  const { operations } = access.data;
  const canAnyoneWrite = operations.some((operation) => levelOf(operation) === "anonymous-write");
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      <span className={canAnyoneWrite ? "inline-flex items-center gap-1.5 font-medium text-open" : "text-muted"}>
        {canAnyoneWrite && <MeaningShape meaning="open" />}
        {accessSentence(operations)}
        {active ? "" : " in the draft"}.
      </span>
      <Link href={`/apis/${api.id}/access`}>Show access</Link>
    </p>
  );
}
