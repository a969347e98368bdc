import { formatDay } from "@/components/ui/clock";
import type { ActivityView } from "@/lib/management/contract/authorization";

/** One day's entries, newest first. */
export interface ActivityDay {
  day: string;
  entries: ActivityView[];
}

/** Groups entries, newest first, by day. Defaults to the browser's time zone. */
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

/** Returns the page of an entry's target; null if it has none or was deleted. */
export function pageOf(entry: Pick<ActivityView, "action" | "target" | "targetId">): string | null {
  const page = PAGES[entry.target];
  const isGone = entry.action === "deleted" && entry.target !== "authorization-server";
  return page && entry.targetId && !isGone ? `${page}/${encodeURIComponent(entry.targetId)}` : null;
}
