import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withoutIntegrity } from "./lib/lockfile.mjs";
import { staleIndexes, stalePages, writeMade } from "./lib/policy-folders.mjs";
import { root } from "./lib/project.mjs";
import { ensureDatabaseClient, ensureDependencies, requireNode, run } from "./lib/setup.mjs";

// `npm run check`: the lists that are made from folders, types, lint with the import rules, and format. `npm run check -- --fix` repairs what can be repaired.
requireNode();
process.chdir(root);
await ensureDependencies();
await ensureDatabaseClient();

// Next writes this file at its first start; the types of images and styles come from it.
const nextTypes = join(root, "next-env.d.ts");
if (!existsSync(nextTypes)) writeFileSync(nextTypes, '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n');

// Stale route types of earlier builds would fail the check.
for (const built of readdirSync(root).filter((name) => name.startsWith(".next"))) {
  for (const types of ["types", "dev/types"]) rmSync(join(root, built, types), { recursive: true, force: true });
}

const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
const fix = process.argv.includes("--fix");
const checks = [
  {
    name: "Lint, import rules and format",
    args: [biome, "check", ...(fix ? ["--write"] : []), "--error-on-warnings", "--max-diagnostics=100", "."],
  },
  { name: "Types", args: [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--incremental", "false"] },
];

const failed = [];
console.log("Policies and resource types …");
try {
  if (fix) await writeMade(root);
  else {
    const lists = await staleIndexes(root);
    const stale = lists.length > 0 ? lists : await stalePages(root);
    if (stale.length > 0) {
      console.error(`Not what the folders say: ${stale.map(([path]) => path).join(", ")}.`);
      failed.push("Policies and resource types");
    }
  }
} catch (error) {
  console.error(error.message);
  failed.push("Policies and resource types");
}
for (const { name, args } of checks) {
  console.log(`${name} …`);
  if ((await run(process.execPath, args)) !== 0) failed.push(name);
}
console.log("Lockfile …");
const unchecked = withoutIntegrity(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
if (unchecked.length > 0) {
  console.error(`package-lock.json has no integrity for ${unchecked.join(", ")}. Run \`npm run lockfile\`.`);
  failed.push("Lockfile");
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join("; ")}.${fix ? "" : " npm run check -- --fix repairs what it can."}`);
  process.exit(1);
}
console.log("Everything is as it should be.");
