import { cx } from "@/components/ui/cx";
import type { ChangesView } from "@/lib/management/contract/apis";

type Change = ChangesView["changes"][number];

const kinds: Record<Change["kind"], { sign: string; name: string; style: string }> = {
  added: { sign: "+", name: "Added", style: "text-ink" },
  removed: { sign: "−", name: "Removed", style: "text-muted" },
  changed: { sign: "±", name: "Changed", style: "text-pending" },
  moved: { sign: "↕", name: "Moved", style: "text-muted" },
};

/** Lists the changes between two definitions, one sentence each, in document order. */
export function ChangeList({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <ul aria-label={label} className="flex flex-col border-line border-y">
      {changes.map((change) => {
        const { sign, name, style } = kinds[change.kind];
        return (
          <li
            key={`${change.kind} ${change.path} ${change.sentence}`}
            className="grid grid-cols-[16px_minmax(0,1fr)] gap-2 border-line border-b py-1.5 last:border-b-0"
          >
            <span aria-hidden className={cx("mono text-center font-semibold leading-5", style)}>
              {sign}
            </span>
            <span className="[overflow-wrap:anywhere]">
              <span className="sr-only">{name}: </span>
              {change.sentence}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
