import { StateMark } from "@/components/ui/state-mark";

/** Shows whether an authorization server is active. */
export function ServerStateMark({ isEnabled }: { isEnabled: boolean }) {
  return isEnabled ? <span className="whitespace-nowrap">Active</span> : <StateMark meaning="neutral">Inactive</StateMark>;
}
