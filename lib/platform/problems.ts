import { statfs } from "node:fs/promises";
import { logger, logState } from "./log";

/** What can be wrong with a gateway that serves all the same. */
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

/** Something that is wrong, and a sentence for `/readyz` that names no host. */
export interface Problem {
  problem: (typeof PROBLEMS)[number];
  message: string;
}

/** Below this much free space, or 5 % of a small disk, an operator has to act, in bytes. */
const FREE_BYTES_MIN = 256 * 1024 * 1024;
const FREE_SHARE_MIN = 0.05;
const DISK_LOOK_MS = 5000;

/**
 * Looks now and then how much space is left on a folder's disk.
 * @returns the problem when there is too little; never waits
 */
export function watchDisk(folder: string): () => Problem[] {
  let isLow = false;
  const look = async () => {
    const { bavail, bsize, blocks } = await statfs(folder);
    isLow = bavail * bsize < Math.min(FREE_BYTES_MIN, blocks * bsize * FREE_SHARE_MIN);
  };
  const lookQuietly = () => void look().catch(() => undefined);
  lookQuietly();
  setInterval(lookQuietly, DISK_LOOK_MS).unref();
  return () => (isLow ? [{ problem: "disk", message: "The disk of the data directory is nearly full. Free some space." }] : []);
}

/** Whether the reader of this process's log takes nothing. */
export function logProblems(): Problem[] {
  if (!logState().stalled) return [];
  return [{ problem: "log", message: "The log's reader takes no lines: they wait in memory, then they are dropped." }];
}

/** Makes a function that logs each problem when it begins and when it is over. */
export function problemLog(): (problems: readonly Problem[]) => void {
  let before: readonly Problem[] = [];
  return (problems) => {
    for (const { problem, message } of problems)
      if (!before.some((known) => known.problem === problem)) logger().warn({ problem }, message);
    for (const { problem } of before)
      if (!problems.some((now) => now.problem === problem)) logger().info({ problem }, "the problem is over");
    before = problems;
  };
}

/** Makes a function that logs each of many things that fail when it begins to, and when it works again. */
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
