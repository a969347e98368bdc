import { StateMark } from "@/components/ui/state-mark";

/** Says of a policy or a rule that another one always decides before it. Shows nothing without one. */
export function NeverReached({ by }: { by: string | undefined }) {
  return by === undefined ? null : (
    <span title={`${by} decides before it`} className="min-w-0">
      <StateMark meaning="open">
        <span className="max-w-80 truncate">Never reached: {by} decides before it</span>
      </StateMark>
    </span>
  );
}
