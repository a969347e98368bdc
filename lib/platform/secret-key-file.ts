import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StartFailure } from "./start-failure";

/** The secret key's file in a data directory. */
export const secretKeyPath = (dataDir: string): string => join(dataDir, "secret-key");

/**
 * Reads the key of a data directory; undefined when it has none.
 * @returns 32 bytes in base64
 * @throws StartFailure when the file's content is invalid
 */
export async function storedSecretKey(dataDir: string): Promise<string | undefined> {
  const path = secretKeyPath(dataDir);
  const stored = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const key = stored?.trim();
  if (key === undefined || Buffer.from(key, "base64").length === 32) return key;
  throw new StartFailure(`${path} isn't 32 bytes in base64. Restore it from a backup: stored secrets can't be decrypted without it.`);
}
