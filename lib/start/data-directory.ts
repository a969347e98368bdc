import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Claim, ClaimedError, claim } from "@/lib/platform/claims";
import { StartFailure } from "@/lib/platform/start-failure";

/** A locked data directory. */
export interface DataDirectory {
  path: string;
  /** The previous process was killed. */
  tookOver: boolean;
  release(): Promise<void>;
}

/**
 * Creates the data directory for this user only (mode 700) and locks it.
 * @throws StartFailure when another process uses it or it isn't writable
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const absolute = resolve(path);
  let held: Claim;
  try {
    await mkdir(absolute, { recursive: true, mode: 0o700 });
    await chmod(absolute, 0o700);
    held = await claim(join(absolute, "lock"), "start", ["start"]);
  } catch (error) {
    if (error instanceof ClaimedError) {
      throw new StartFailure(
        `The data directory ${absolute} is in use by another process (pid ${error.pid}). Stop it or set GATEWRIGHT_DATA_DIR.`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartFailure(
      `The data directory ${absolute} can't be used: ${reason}. Set GATEWRIGHT_DATA_DIR to a directory that this user can write.`,
    );
  }
  return { path: absolute, tookOver: held.tookOver, release: () => held.release() };
}
