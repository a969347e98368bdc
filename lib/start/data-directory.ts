import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Claim, ClaimedError, claim } from "./claims";
import { StartFailure } from "./failure";

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

/**
 * The key that stored secrets are encrypted with: the one given, or the one of this data directory, made on the first start.
 * @returns 32 bytes in base64
 */
export async function secretKey(dataDir: string, given: string | undefined): Promise<string> {
  if (given) return given;
  const path = join(dataDir, "secret-key");
  const stored = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stored !== undefined) {
    const key = stored.trim();
    if (Buffer.from(key, "base64").length === 32) return key;
    throw new StartFailure(
      `${path} holds no key of 32 bytes in base64. Restore it from a backup: without it stored secrets cannot be read.`,
    );
  }
  const key = randomBytes(32).toString("base64");
  await writeDurably(path, `${key}\n`);
  return key;
}

/** Writes a file of mode 600 that is there as a whole or not at all, even when the power fails. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    const file = await open(temporary, "wx", 0o600);
    await writeFile(file, content);
    await file.sync();
    await file.close();
    await rename(temporary, path);
    const directory = await open(join(path, ".."), "r");
    await directory.sync();
    await directory.close();
  } finally {
    await rm(temporary, { force: true });
  }
}
