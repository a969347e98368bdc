import { readFileSync } from "node:fs";

/** Where the system doesn't tell, or sets no limit. */
const ASSUMED = 65_536;

/** How many files and connections this process can have open (`ulimit -n`). */
export function descriptorLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return soft === undefined || soft === "unlimited" ? ASSUMED : Number(soft);
  } catch {
    // Not Linux. The report takes longer.
    const { userLimits } = (process.report?.getReport() ?? {}) as { userLimits?: { open_files?: { soft?: unknown } } };
    const soft = Number(userLimits?.open_files?.soft);
    return Number.isFinite(soft) && soft > 0 ? soft : ASSUMED;
  }
}
