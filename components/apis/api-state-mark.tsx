import { StateMark } from "@/components/ui/state-mark";
import type { ApiView } from "@/lib/management/contract/apis";

/** Which deployment runs, or that none does. Undeployed changes are said beside it, because both can be true at once. */
export function ApiStateMark({ api }: { api: Pick<ApiView, "activeDeployment"> }) {
  if (!api.activeDeployment) return <StateMark meaning="neutral">Not deployed</StateMark>;
  return <span className="whitespace-nowrap font-medium tabular-nums">Deployment {api.activeDeployment.number}</span>;
}
