import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Claim, ClaimedError, claim } from "@/lib/platform/claims";
import { StartFailure } from "@/lib/platform/start-failure";

/** The folder of what a start keeps, held by this process alone. */
export interface DataDirectory {
  path: string;
  /** The start before this one was killed. */
  tookOver: boolean;
  release(): Promise<void>;
}

/**
 * Makes the data directory readable for this user only and claims it.
 * @throws StartFailure when another start uses it or it cannot be written
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
        `The data directory ${absolute} is in use by another start (pid ${error.pid}). Stop it or set GATEWRIGHT_DATA_DIR.`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartFailure(
      `The data directory ${absolute} cannot be used: ${reason}. Set GATEWRIGHT_DATA_DIR to a folder that this user may write.`,
    );
  }
  return { path: absolute, tookOver: held.tookOver, release: () => held.release() };
}
