import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { root } from "./lib/project.mjs";
import { bundleEntryPoints, ensureDatabaseClient, fail, requireNode, run } from "./lib/setup.mjs";

// `node scripts/assemble.mjs <folder>`: what a container image holds, in a folder that runs by itself and is never written
// to. All set-up happens here; what is only needed to build stays behind. The Dockerfile runs it after `npm ci --omit=dev`.

/** Files that are loaded by computed paths or read directly. */
const AS_THEY_ARE = ["dist", "prisma/migrations", "next.config.mjs", "package.json", "LICENSE", "scripts/container.mjs"];
const PROGRAMS = ["dist/start.js", "dist/gateway.js", "dist/embedded-postgres.js", "dist/document-worker.js", "dist/leash.cjs"];
/** Nothing of the console's build is left out but what only the next build would use. */
const BUILD_LEFTOVERS = new Set(["cache", "diagnostics", "trace", "trace-build", "types", "turbopack"]);
/** Next loads parts of itself by names that it makes up as it runs, so all of it is taken but what no server loads. */
const NEXT = "node_modules/next";
const NEVER_LOADED = /^node_modules\/(?:next\/dist\/(?:esm|docs)\/.*|.*\.(?:map|d\.ts|dev\.js)|(?:sharp|@img)\/.*)$/;

requireNode();
process.chdir(root);
const [target] = process.argv.slice(2);
if (!target) fail("Target missing. Usage: node scripts/assemble.mjs <directory>");
const destination = resolve(target);
const nextFolder = process.env.GATEWRIGHT_DIST_DIR || ".next";

await ensureDatabaseClient();
await bundleEntryPoints();
if ((await run(process.execPath, ["dist/start.js", "--build-only"])) !== 0) process.exit(1);
const files = new Set([...(await traced()), ...tracedByNext(), ...filesOf(NEXT)].filter((file) => !NEVER_LOADED.test(file)));
rmSync(destination, { recursive: true, force: true });
for (const path of files) copy(path);
for (const path of AS_THEY_ARE) copy(path);
for (const name of readdirSync(join(root, nextFolder))) if (!BUILD_LEFTOVERS.has(name)) copy(join(nextFolder, name));
console.log(`Assembled in ${destination}.`);

/** The files that the programs load, and what an unmodified `next start` loads of other packages. */
async function traced() {
  // Next comes with the tracer of its own builds.
  const { nodeFileTrace } = createRequire(join(root, "package.json"))("next/dist/compiled/@vercel/nft");
  const { fileList } = await nodeFileTrace([...PROGRAMS, join(NEXT, "dist/bin/next"), join(NEXT, "dist/cli/next-start.js")], {
    base: root,
  });
  return fileList;
}

function filesOf(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** The files that Next has noted for each page and for its server. */
function tracedByNext() {
  const notes = readdirSync(join(root, nextFolder), { recursive: true }).filter((name) => name.endsWith(".nft.json"));
  return notes.flatMap((name) => {
    const note = join(root, nextFolder, name);
    return JSON.parse(readFileSync(note, "utf8")).files.map((file) => relative(root, resolve(dirname(note), file)));
  });
}

/** Copies one file, folder or link; links stay links, as the build has made them. */
function copy(path) {
  const from = join(root, path);
  const to = join(destination, path);
  mkdirSync(dirname(to), { recursive: true });
  if (lstatSync(from).isDirectory()) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  else cpSync(from, to, { verbatimSymlinks: true, force: true });
}
