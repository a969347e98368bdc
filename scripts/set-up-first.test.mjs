import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./lib/project.mjs";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.entries(scripts).map(([name, command]) => [name, /scripts\/[\w-]+\.mjs/.exec(command)?.[0]]);

/** The packages that a file imports before its first line runs, also by way of other files. */
function packagesOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  // The templates of new policies have imports too.
  const source = readFileSync(file, "utf8").replace(/`[^`]*`/g, "");
  const imports = source.matchAll(/^(?:import|export)\s(?:[^"';]*\sfrom\s)?"([^"]+)";$/gm);
  return [...imports].flatMap(([, name]) => {
    if (name.startsWith(".")) return packagesOf(join(dirname(file), name), seen);
    return name.startsWith("node:") ? [] : [name];
  });
}

test.each(entries)("npm run %s needs no package before it has installed them", (_name, entry) => {
  expect(entry).toBeDefined();
  expect(packagesOf(join(root, entry))).toEqual([]);
});
