import { StateMark } from "@/components/ui/state-mark";
import type { Lag } from "./lag";

/** As many as are named; the rest is counted. */
const NAMED_MAX = 3;

/** How many deployments a gateway runs, and which of them are not those that are active. */
export function DeploymentCount({ count, lags }: { count: number; lags: readonly Lag[] }) {
  if (lags.length === 0) return <span className="tabular-nums">{count}</span>;
  return (
    <div className="flex min-w-44 flex-col gap-0.5 py-1">
      <span className="flex items-center gap-3">
        <span className="tabular-nums">{count}</span>
        <StateMark meaning="pending">{lags.length} not as deployed</StateMark>
      </span>
      <ul className="max-w-64 text-muted text-xs">
        {lags.slice(0, NAMED_MAX).map(({ apiId, sentence }) => (
          <li key={apiId} title={sentence} className="truncate">
            {sentence}
          </li>
        ))}
        {lags.length > NAMED_MAX && <li>and {lags.length - NAMED_MAX} more</li>}
      </ul>
    </div>
  );
}
