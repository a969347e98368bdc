import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A process's lock on a directory. */
export interface Claim {
  /** A previous holder died without releasing it; its child processes may still be running. */
  tookOver: boolean;
  release(): Promise<void>;
}

/** Another running process holds the lock. */
export class ClaimedError extends Error {
  override name = "ClaimedError";
  constructor(readonly pid: number) {
    super(`held by process ${pid}`);
  }
}

const ATTEMPTS = 5;

/**
 * Locks a directory for this process with an empty file named by kind, process ID and start time, so a reused process ID isn't
 * mistaken for the holder. It writes first and checks second: of two concurrent processes, at least one sees the other.
 *
 * @param kind for example `use` or `build`
 * @param excluded kinds that can't be held at the same time
 * @throws ClaimedError when a running process holds an excluded kind
 */
export async function claim(directory: string, kind: string, excluded: readonly string[]): Promise<Claim> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let tookOver = false;
  for (let attempt = 1; ; attempt++) {
    const name = [kind, process.pid, await processStart(process.pid), randomBytes(4).toString("hex")].join(".");
    const path = join(directory, name);
    await (await open(path, "wx", 0o600)).close();
    const others = await otherHolders(directory, name, excluded);
    tookOver ||= others.dead;
    if (others.alive === undefined) return { tookOver, release: () => rm(path, { force: true }) };
    await rm(path, { force: true });
    if (attempt === ATTEMPTS) throw new ClaimedError(others.alive);
    // Two concurrent processes saw each other; random delays let one of them in.
    await delay(20 + randomBytes(1).readUInt8() / 2);
  }
}

async function otherHolders(directory: string, own: string, excluded: readonly string[]): Promise<{ alive?: number; dead: boolean }> {
  let dead = false;
  for (const name of await readdir(directory)) {
    const [kind = "", pidText = "", started = ""] = name.split(".");
    if (name === own || !excluded.includes(kind)) continue;
    const pid = Number(pidText);
    if (isAlive(pid) && (await processStart(pid)) === started) return { alive: pid, dead };
    dead = true;
    await rm(join(directory, name), { force: true });
  }
  return { dead };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's process is running.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Identifies a process by boot and start tick; constant on systems without `/proc`. */
async function processStart(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in parentheses, may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; its parent hasn't reaped it yet.
    if (fields[0] === "Z") return "ended";
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.slice(0, 8)}-${fields[19]}`;
  } catch {
    return "unknown";
  }
}
