import type { Assignment } from "@/lib/gateway-host/assignment";
import type { AssignmentCopy } from "@/lib/gateway-host/keeper-parts";
import { logger } from "@/lib/platform/log";
import type { LastKnownGood } from "./last-known-good";

/** The file has every deployment, so it isn't rewritten for each revocation; failed writes are retried after this time. */
const PAUSE_MS = 5000;

const CANNOT = "The last-known-good configuration can't be written:";

/**
 * Keeps the last-known-good configuration at the current assignment. Failed writes are retried. If deployments changed meanwhile,
 * the outdated file is removed, because a restart without Postgres would serve outdated policies.
 * @param onChange called when the problems changed
 */
export function createCopyWriter(copy: LastKnownGood, onChange: () => void): AssignmentCopy {
  let owed: Assignment | null = null;
  /** The current assignment: it may change during a write, and is what a retry writes. */
  let newest: Assignment | null = null;
  /** One write at a time, including the removal after its failure, which must not run with the next write. */
  let writing: Promise<void> | null = null;
  let triedAt = Number.NEGATIVE_INFINITY;
  /** The number of changes of deployments or servers, and of those that the file has. */
  let changes = 0;
  let writtenChanges = 0;
  let problem: { reason: string; message: string } | null = null;

  const failed = async (error: unknown): Promise<void> => {
    const reason = error instanceof Error ? error.message : String(error);
    const outdated = writtenChanges < changes;
    const removed =
      outdated &&
      (await copy.remove().then(
        () => true,
        () => false,
      ));
    const message =
      outdated && !removed
        ? `${CANNOT} a restart without Postgres would serve older deployments.`
        : `${CANNOT} a restart without Postgres would ${removed ? "serve nothing" : "accept tokens that were revoked since"}.`;
    if (problem?.reason !== reason) logger().error({ reason, removed }, "the last-known-good configuration can't be written; retrying");
    problem = { reason, message };
  };
  const writeOwed = async (): Promise<void> => {
    while (owed !== null) {
      const [next, upTo] = [owed, changes];
      owed = null;
      triedAt = performance.now();
      try {
        await copy.write(next);
        writtenChanges = upTo;
        if (problem !== null) logger().info("the last-known-good configuration is written again");
        problem = null;
      } catch (error) {
        owed = newest;
        await failed(error);
        // A change during the write is written at once.
        if (newest === next) return;
      } finally {
        onChange();
      }
    }
  };
  const write = (): Promise<void> => {
    writing ??= writeOwed().finally(() => {
      writing = null;
    });
    return writing;
  };

  return {
    read: () => copy.read((reason) => logger().warn({ reason }, "ignoring the last-known-good configuration")),
    changed(assignment, atOnce) {
      newest = assignment;
      owed = assignment;
      if (!atOnce) return;
      changes += 1;
      void write();
    },
    tick() {
      if (owed !== null && performance.now() - triedAt > PAUSE_MS) void write();
    },
    async finish() {
      await writing;
      await write();
    },
    problems: () => (problem === null ? [] : [{ problem: "copy", message: problem.message }]),
  };
}
