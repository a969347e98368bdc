import { StateMark } from "@/components/ui/state-mark";

/** Shows whether an application is active and gets tokens. */
export function ApplicationStateMark({ isEnabled }: { isEnabled: boolean }) {
  return isEnabled ? <span className="whitespace-nowrap">Active</span> : <StateMark meaning="neutral">Inactive</StateMark>;
}
