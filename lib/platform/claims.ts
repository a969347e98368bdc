import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** What a process holds on a directory until it releases it or dies. */
export interface Claim {
  /** A holder that is dead now had not released it: what else it left may still be ending. */
  tookOver: boolean;
  release(): Promise<void>;
}

/** Another process, alive, holds what was asked for. */
export class ClaimedError extends Error {
  override name = "ClaimedError";
  constructor(readonly pid: number) {
    super(`process ${pid} holds it`);
  }
}

const ATTEMPTS = 5;

/**
 * Claims a directory for this process. A claim is an empty file whose name says everything, kind, process id and
 * the time that process started, so that it is never half written, and a number that the system gives to another process is
 * not mistaken for the holder. Whoever claims writes first and looks second: of two that start together at least one
 * sees the other, and what a dead process left is removed by its unique name, which is never used again.
 *
 * @param kind what this process wants, for example `use` or `build`
 * @param excluded the kinds that may not be held at the same time
 * @throws ClaimedError when a living process holds one of the excluded kinds
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
    // Two that started together have seen each other: waiting for different times lets one of them in.
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
    // A process of another user lives, although it may not be signalled.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Which boot and which tick a process started in; the same for all where the system has no `/proc`. */
async function processStart(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may itself contain both spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended: only its parent has not asked yet.
    if (fields[0] === "Z") return "ended";
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.slice(0, 8)}-${fields[19]}`;
  } catch {
    return "unknown";
  }
}
