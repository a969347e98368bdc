import { logger } from "@/lib/platform/log";
import type { GatewayReport, Reporter } from "./reporter";

/** Interval at which unchanged state is compared; the reporter writes changes and heartbeats. */
const REPORT_MS = 2000;

/** Reports a gateway's state when it's due. */
export interface Reporting {
  /** The state changed: report it with the next poll. */
  changed(): void;
  /** Never rejects: a failure is logged once and retried with the next poll. */
  reportIfDue(report: () => GatewayReport): Promise<void>;
}

/** Creates the reporting of one gateway. */
export function createReporting(reporter: Reporter): Reporting {
  let isDue = false;
  let reportedAt = 0;
  let problem: string | null = null;
  return {
    changed() {
      isDue = true;
    },
    async reportIfDue(report) {
      if (!isDue && performance.now() - reportedAt < REPORT_MS) return;
      isDue = false;
      try {
        await reporter.send(report());
        reportedAt = performance.now();
        problem = null;
      } catch (error) {
        isDue = true;
        const reason = error instanceof Error ? error.message : String(error);
        if (problem !== reason) logger().warn({ reason }, "can't report this gateway to the database");
        problem = reason;
      }
    },
  };
}
