const MINUTES_PER_HOUR = 60;

const amount = (number: number, noun: string) => (number === 0 ? [] : [`${number} ${noun}${number === 1 ? "" : "s"}`]);

/** Formats a lifetime: "5 minutes", "1 hour", "1 hour 30 minutes". */
export function lifetimeWords(minutes: number): string {
  return (
    [...amount(Math.floor(minutes / MINUTES_PER_HOUR), "hour"), ...amount(minutes % MINUTES_PER_HOUR, "minute")].join(" ") || "0 minutes"
  );
}
