import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A disk of its own, so small that a test can fill it. */
export interface SmallDisk {
  folder: string;
  /** Takes all space but this much. */
  fill(leaveBytes?: number): void;
  /** Gives it back. */
  clear(): void;
  /** Makes it read-only, or writable again. */
  setReadOnly(isReadOnly: boolean): void;
  remove(): void;
}

/** Whether this user may mount one. A test that can't run says so, because it proves nothing. */
export function canMount(): boolean {
  const folder = `/tmp/gw-mount-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const mounted = process.getuid?.() === 0 && spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0;
  if (mounted) spawnSync("umount", [folder]);
  else process.stderr.write("SKIPPED: tests with a full or read-only disk need root and the right to mount a tmpfs.\n");
  rmSync(folder, { recursive: true, force: true });
  return mounted;
}

/** Mounts one. @throws when it can't */
export function smallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  const mount = (...args: string[]) => {
    const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
  };
  mount("-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder);
  const ballast = join(folder, "ballast");
  const remove = () => {
    spawnSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", remove);
  return {
    folder,
    fill(leaveBytes = 0) {
      const taken = existsSync(ballast) ? statSync(ballast).size : 0;
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, taken + bavail * bsize - leaveBytes)));
    },
    clear: () => rmSync(ballast, { force: true }),
    setReadOnly: (isReadOnly) => mount("-o", `remount,${isReadOnly ? "ro" : "rw"}`, folder),
    remove() {
      process.off("exit", remove);
      remove();
    },
  };
}
