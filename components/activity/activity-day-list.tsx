import { formatClock } from "@/components/ui/clock";
import { formatMoment } from "@/components/ui/format-time";
import { Link } from "@/components/ui/link";
import { type ActivityDay, pageOf } from "./group-by-day";

/** Lists one day's entries: time, summary, actor. */
export function ActivityDayList({ day }: { day: ActivityDay }) {
  return (
    <section aria-label={day.day} className="flex max-w-240 flex-col gap-1">
      <h2 className="text-base">{day.day}</h2>
      <ul className="border-line border-t">
        {day.entries.map((entry) => {
          const page = pageOf(entry);
          return (
            <li
              key={entry.id}
              className="grid min-h-9 grid-cols-[48px_minmax(0,1fr)] items-baseline gap-x-3 border-line border-b py-2 sm:grid-cols-[48px_minmax(0,1fr)_minmax(120px,240px)]"
            >
              <time dateTime={entry.at} title={formatMoment(entry.at)} className="text-muted tabular-nums">
                {formatClock(new Date(entry.at))}
              </time>
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {page ? (
                  <Link href={page} quiet className="font-normal">
                    {entry.summary}
                  </Link>
                ) : (
                  entry.summary
                )}
              </span>
              <span className="min-w-0 truncate text-muted max-sm:col-start-2 sm:text-right" title={entry.actor}>
                {entry.actor}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
