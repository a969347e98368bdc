import { StateMark } from "@/components/ui/state-mark";

/** Whether an authorization server issues tokens. */
export function ServerStateMark({ isEnabled }: { isEnabled: boolean }) {
  return isEnabled ? <span className="whitespace-nowrap">Active</span> : <StateMark meaning="neutral">Switched off</StateMark>;
}
