import { StateMark } from "@/components/ui/state-mark";

/** Marks a policy or rule that never applies because an earlier one always decides. Renders nothing without one. */
export function NeverReached({ by }: { by: string | undefined }) {
  return by === undefined ? null : (
    <span title={`${by} decides before it`} className="min-w-0">
      <StateMark meaning="open">
        <span className="max-w-80 truncate">Never reached: {by} decides before it</span>
      </StateMark>
    </span>
  );
}
