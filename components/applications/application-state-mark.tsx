import { StateMark } from "@/components/ui/state-mark";

/** Whether an application gets tokens. */
export function ApplicationStateMark({ isEnabled }: { isEnabled: boolean }) {
  return isEnabled ? <span className="whitespace-nowrap">Active</span> : <StateMark meaning="neutral">Deactivated</StateMark>;
}
