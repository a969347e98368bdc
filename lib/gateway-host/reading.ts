import { STALE_AFTER_MS, unavailability } from "@/lib/platform/database-unavailable";
import { logger } from "@/lib/platform/log";
import type { Assignment } from "./assignment";
import type { Source } from "./source";

/** Why, and since when, assignments can't be read. */
export interface Unread {
  reason: string;
  /** Whether the database is unreachable; otherwise, it responds with an error. */
  isUnreachable: boolean;
  /** ISO 8601, in UTC. */
  since: string;
}

/** Reads assignments, and logs when they can't be read and when they can again. */
export interface Reading {
  /** @throws what the source throws, after logging it */
  read(known: Assignment | null): Promise<Assignment | null>;
  /** Detects a read that hangs, which hasn't failed yet. */
  checkSilence(): void;
  unread(): Unread | null;
  /** Whether a read succeeded. */
  answered(): boolean;
}

/** Creates a reading of one source. */
export function createReading(source: Source): Reading {
  let unread: Unread | null = null;
  let answered = false;
  let running = 0;

  const failed = (reason: string, isUnreachable: boolean) => {
    if (unread?.reason !== reason) logger().warn({ reason }, "can't read deployments; serving the last set");
    unread = { reason, isUnreachable, since: unread?.since ?? new Date().toISOString() };
  };

  return {
    async read(known) {
      running += 1;
      try {
        const next = await source.read(known);
        if (unread) logger().info("deployments can be read again");
        unread = null;
        answered = true;
        return next;
      } catch (error) {
        failed(error instanceof Error ? error.message : String(error), unavailability(error) !== undefined);
        throw error;
      } finally {
        running -= 1;
      }
    },
    checkSilence() {
      if (running === 0 || unread !== null || performance.now() - source.heardAt() < STALE_AFTER_MS) return;
      failed("Postgres doesn't respond", true);
    },
    unread: () => unread,
    answered: () => answered,
  };
}
