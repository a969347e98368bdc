import { StateMark } from "@/components/ui/state-mark";
import type { DependencyState, GatewayView } from "@/lib/management/contract/gateways";

/** Shows a gateway's state and why it's degraded. */
export function GatewayState({ gateway }: { gateway: Pick<GatewayView, "status" | "live" | "degraded"> }) {
  const { status, live, degraded } = gateway;
  if (status === "away") return <StateMark meaning="neutral">Offline</StateMark>;
  if (status === "draining") return <StateMark meaning="pending">Draining</StateMark>;
  if (status === "starting") return <StateMark meaning="pending">Starting</StateMark>;
  // Its last report is overdue, but not long enough to count as offline.
  if (!live) return <StateMark meaning="pending">Not reporting</StateMark>;
  if (degraded.length === 0) return <StateMark meaning="guarded">Serving</StateMark>;
  return (
    <div className="flex min-w-44 flex-col gap-0.5 py-1">
      <StateMark meaning="failing">Serving, degraded</StateMark>
      <ul className="max-w-80 text-muted text-xs">
        {degraded.map((reason) => (
          <li key={reason} className="[overflow-wrap:anywhere]">
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Shows whether a gateway reaches a dependency. `absent` is the label for one that it doesn't use. */
export function Dependency({ state, absent, isAway }: { state: DependencyState; absent: string; isAway: boolean }) {
  if (state === null) return <span className="whitespace-nowrap text-muted">{absent}</span>;
  // An offline gateway's last report is stale.
  if (isAway) return <span className="text-muted">Unknown</span>;
  return state === "connected" ? <StateMark meaning="guarded">Connected</StateMark> : <StateMark meaning="failing">Unreachable</StateMark>;
}
