import { cx } from "@/components/ui/cx";
import { MeaningShape } from "@/components/ui/state-mark";
import type { TokenPreviewView } from "@/lib/management/contract/authorization";

type Considered = TokenPreviewView["considered"];

/** Lists the evaluated policies and rules in order, each with its reason. */
export function ConsideredList({ considered, isIssued }: { considered: Considered; isIssued: boolean }) {
  return (
    <section aria-label="Evaluated" className="min-w-0">
      <h3 className="flex h-7 items-center font-medium text-muted text-xs">Evaluated, in order</h3>
      {considered.length === 0 ? (
        <p className="border-line border-y py-2 text-muted">No policy was evaluated.</p>
      ) : (
        <ol className="border-line border-t">
          {considered.map(({ policy, rule, matched, reason }, index) => (
            <li
              key={`${policy.id} ${rule?.id ?? ""}`}
              className={cx("flex gap-3 border-line border-b py-2", !matched && "text-muted")}
              aria-current={matched ? "step" : undefined}
            >
              <span className="w-4 shrink-0 text-muted tabular-nums">{index + 1}</span>
              <MeaningShape meaning={matched ? (isIssued ? "guarded" : "failing") : "neutral"} className="mt-1.5" />
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                <span className={cx(matched && "font-medium")}>
                  {policy.name}
                  {rule && ` › ${rule.name}`}
                </span>
                <span className="block text-muted">{reason}</span>
              </span>
              {matched && <span className="shrink-0 font-medium text-xs">Decided</span>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
