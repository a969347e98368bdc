const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Formats the time since a moment: "just now", "5 min ago", "3 h ago", "2 days ago", then the date. */
export function formatAgo(at: string, now: number): string {
  const date = new Date(at);
  const elapsedMs = now - date.getTime();
  if (elapsedMs < MINUTE_MS) return "just now";
  if (elapsedMs < HOUR_MS) return `${Math.floor(elapsedMs / MINUTE_MS)} min ago`;
  if (elapsedMs < DAY_MS) return `${Math.floor(elapsedMs / HOUR_MS)} h ago`;
  const days = Math.floor(elapsedMs / DAY_MS);
  if (days < 7) return days === 1 ? "1 day ago" : `${days} days ago`;
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(date);
}

/** Formats a moment in the browser's time zone. */
export function formatMoment(at: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium" }).format(new Date(at));
}
