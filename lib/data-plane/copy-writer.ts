import { logger } from "@/lib/platform/log";
import type { Problem } from "@/lib/platform/problems";
import type { Assignment } from "./assignment";
import type { LastKnownGood } from "./last-known-good";

/** The copy holds every deployment, so it is not written anew for each token that is revoked; and a disk that refuses it is asked again. */
const PAUSE_MS = 5000;

/** Keeps the last-known-good copy at what is served. */
export interface CopyWriter {
  /** Something that is served has changed: `at once` for deployments and authorization servers, a little later for ended tokens. */
  changed(assignment: Assignment, atOnce: boolean): void;
  /** Writes what is owed when its time has come; called with every look at Postgres. */
  tick(): void;
  /** Writes what is owed, and waits for it. */
  finish(): Promise<void>;
  problems(): readonly Problem[];
}

const CANNOT = "The last-known-good copy can't be written:";

/**
 * Makes a writer. A copy that could not be written is tried again until it can. Meanwhile the former one goes when deployments
 * have changed, because a restart without Postgres would serve policies that no longer hold.
 * @param onChange told when the problems have changed
 */
export function createCopyWriter(copy: LastKnownGood, onChange: () => void): CopyWriter {
  let owed: Assignment | null = null;
  /** What is served: it may change while a former state is written, and it is what is tried again. */
  let newest: Assignment | null = null;
  /** One write at a time, and with it all that its failure leads to: taking a copy away must not meet the writing of the next. */
  let writing: Promise<void> | null = null;
  let triedAt = Number.NEGATIVE_INFINITY;
  /** How often deployments or servers have changed, and up to which of these changes the copy on the disk is written. */
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
        : `${CANNOT} a restart without Postgres would ${removed ? "serve nothing" : "not know the latest ended tokens"}.`;
    if (problem?.reason !== reason) logger().error({ reason, removed }, "the last-known-good copy can't be written; it is tried again");
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
        if (problem !== null) logger().info("the last-known-good copy is written again");
        problem = null;
      } catch (error) {
        owed = newest;
        await failed(error);
        // What has changed meanwhile is tried at once.
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
