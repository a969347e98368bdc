import { formatDay } from "@/components/ui/clock";
import type { ActivityView } from "@/lib/management/contract/authorization";

/** What happened on one day, newest first. */
export interface ActivityDay {
  day: string;
  entries: ActivityView[];
}

/** Groups entries, which come newest first, by the day they happened on, in the reader's time zone unless another is given. */
export function groupByDay(entries: readonly ActivityView[], now: Date, timeZone?: string): ActivityDay[] {
  const days: ActivityDay[] = [];
  for (const entry of entries) {
    const day = formatDay(new Date(entry.at), now, timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

const PAGES: Record<string, string> = { api: "/apis", application: "/applications", "authorization-server": "/authorization-servers" };

/** The page of what an entry is about; null when it has none, or when the entry says that it was deleted. */
export function pageOf(entry: Pick<ActivityView, "action" | "target" | "targetId">): string | null {
  const page = PAGES[entry.target];
  const isGone = entry.action === "deleted" && entry.target !== "authorization-server";
  return page && entry.targetId && !isGone ? `${page}/${encodeURIComponent(entry.targetId)}` : null;
}
