import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StartFailure } from "./start-failure";

/** Where a data directory keeps the key that stored secrets are encrypted with. */
export const secretKeyPath = (dataDir: string): string => join(dataDir, "secret-key");

/**
 * The key of a data directory; undefined when it has none.
 * @returns 32 bytes in base64
 * @throws StartFailure when the file holds something else
 */
export async function storedSecretKey(dataDir: string): Promise<string | undefined> {
  const path = secretKeyPath(dataDir);
  const stored = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const key = stored?.trim();
  if (key === undefined || Buffer.from(key, "base64").length === 32) return key;
  throw new StartFailure(`${path} holds no key of 32 bytes in base64. Restore it from a backup: without it stored secrets cannot be read.`);
}
