import { StateMark } from "@/components/ui/state-mark";
import type { ApiView } from "@/lib/management/contract/apis";

/** Shows the active deployment, if any. Undeployed changes have a mark of their own: both can apply at once. */
export function ApiStateMark({ api }: { api: Pick<ApiView, "activeDeployment"> }) {
  if (!api.activeDeployment) return <StateMark meaning="neutral">Not deployed</StateMark>;
  return <span className="whitespace-nowrap font-medium tabular-nums">Deployment {api.activeDeployment.number}</span>;
}
