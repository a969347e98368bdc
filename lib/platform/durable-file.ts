import { randomBytes } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes a file (mode 600) atomically, also across a power failure. */
export async function writeDurably(path: string, content: string | AsyncIterable<string>): Promise<void> {
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
