import { StateMark } from "@/components/ui/state-mark";
import type { DependencyState, GatewayView } from "@/lib/management/contract/gateways";

/** What a gateway does, and what is not as it should be while it does. */
export function GatewayState({ gateway }: { gateway: Pick<GatewayView, "status" | "live" | "degraded"> }) {
  const { status, live, degraded } = gateway;
  if (status === "away") return <StateMark meaning="neutral">Away</StateMark>;
  if (status === "draining") return <StateMark meaning="pending">Draining</StateMark>;
  if (status === "starting") return <StateMark meaning="pending">Starting</StateMark>;
  // It serves as far as is known, but reports itself less often than it should.
  if (!live) return <StateMark meaning="pending">Not heard from</StateMark>;
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

/** Whether a gateway reaches what it depends on. `absent` says what it means that it does not use it. */
export function Dependency({ state, absent, isAway }: { state: DependencyState; absent: string; isAway: boolean }) {
  if (state === null) return <span className="whitespace-nowrap text-muted">{absent}</span>;
  // What a gateway said before it went away is not what is now.
  if (isAway) return <span className="text-muted">Not known</span>;
  return state === "connected" ? <StateMark meaning="guarded">Connected</StateMark> : <StateMark meaning="failing">Away</StateMark>;
}
