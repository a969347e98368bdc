import { statfs } from "node:fs/promises";
import { logger, logState } from "@/lib/platform/log";

/** Problems of a gateway that still serves. */
export const PROBLEMS = [
  "postgres",
  "redis",
  "token-sharing",
  "deployments",
  "copy",
  "workers",
  "clock",
  "name",
  "disk",
  "log",
  "backend-tokens",
] as const;

/** A problem with a message for `/readyz`, which names no host. */
export interface Problem {
  problem: (typeof PROBLEMS)[number];
  message: string;
}

/** Minimum free space in bytes, or 5% on a small disk. */
const FREE_BYTES_MIN = 256 * 1024 * 1024;
const FREE_SHARE_MIN = 0.05;
const DISK_CHECK_MS = 5000;

/**
 * Monitors the free space of a folder's disk.
 * @param leastBytes the free space that is too little however small the disk is
 * @returns a synchronous check of the last measurement
 */
export function watchDisk(folder: string, leastBytes = 0): () => Problem[] {
  let isLow = false;
  const measure = async () => {
    const { bavail, bsize, blocks } = await statfs(folder);
    isLow = bavail * bsize < Math.max(leastBytes, Math.min(FREE_BYTES_MIN, blocks * bsize * FREE_SHARE_MIN));
  };
  const tryMeasure = () => void measure().catch(() => undefined);
  tryMeasure();
  setInterval(tryMeasure, DISK_CHECK_MS).unref();
  return () => (isLow ? [{ problem: "disk", message: "The data directory's disk is almost full. Free up space." }] : []);
}

/** Reports a stalled log reader. */
export function logProblems(): Problem[] {
  if (!logState().stalled) return [];
  return [{ problem: "log", message: "The log reader is stalled. Lines are buffered in memory, then dropped." }];
}

/** Creates a function that logs when a problem starts and ends. */
export function problemLog(): (problems: readonly Problem[]) => void {
  let before: readonly Problem[] = [];
  return (problems) => {
    for (const { problem, message } of problems)
      if (!before.some((known) => known.problem === problem)) logger().warn({ problem }, message);
    for (const { problem } of before) if (!problems.some((now) => now.problem === problem)) logger().info({ problem }, "problem resolved");
    before = problems;
  };
}

/** Creates a function that logs when each of many items starts and stops failing. */
export function failureLog<T extends object>(keyOf: (failing: T) => string, begun: string, over: string): (failing: readonly T[]) => void {
  let before = new Map<string, T>();
  return (failing) => {
    const now = new Map(failing.map((item) => [keyOf(item), item]));
    const report = (say: (about: object) => void, items: ReadonlyMap<string, T>, others: ReadonlyMap<string, T>) => {
      for (const [key, item] of items) if (!others.has(key)) say(item);
    };
    report((about) => logger().warn(about, begun), now, before);
    report((about) => logger().info(about, over), before, now);
    before = now;
  };
}
