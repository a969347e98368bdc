import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Claim, ClaimedError, claim } from "@/lib/platform/claims";
import { StartFailure } from "@/lib/platform/start-failure";

/** Inputs of the build. Other files can change without a new build. */
const SOURCE_FOLDERS = ["app", "components", "lib", "public"];
const SOURCE_FILES = [
  "instrumentation.ts",
  "next.config.mjs",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
  "prisma/schema.prisma",
];
const STAMP = "gatewright-build.json";
const NOTHING_HELD: Claim = { tookOver: false, release: async () => undefined };

/**
 * Locks the existing build, whatever its sources. A read-only root, as in a container, needs no lock.
 * @throws StartFailure when there is no build
 */
export async function holdExistingBuild(root: string, distDir: string): Promise<Claim> {
  const mayWrite = await access(root, constants.W_OK).then(
    () => true,
    () => false,
  );
  const use = mayWrite ? await claimBuild(locksOf(root, distDir), "use", ["build"]) : NOTHING_HELD;
  if (await builtHash(root, distDir)) return use;
  await use.release();
  throw new StartFailure("The console isn't built. Run npm run build first, or start without --no-build.");
}

/**
 * Builds the console if its sources changed, and locks the build while it's in use.
 *
 * @param env the build's environment; the result depends on none of its secrets
 * @param signal cancels the build
 * @throws StartFailure when the build fails, or is required while another process uses the old one
 */
export async function holdBuild(root: string, distDir: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Claim> {
  const locks = locksOf(root, distDir);
  const wanted = await sourceHash(root);
  const use = await claimBuild(locks, "use", ["build"]);
  if ((await builtHash(root, distDir)) === wanted) return use;
  await use.release();
  const building = await claimBuild(locks, "build", ["build", "use"]);
  try {
    if ((await builtHash(root, distDir)) !== wanted) await build(root, distDir, wanted, env, signal);
    // Locks for use before unlocking the build, so no other process can build in between.
    return await claimBuild(locks, "use", []);
  } finally {
    await building.release();
  }
}

function locksOf(root: string, distDir: string): string {
  return join(root, ".cache", `build-lock-${distDir.replaceAll(/[^\w]+/g, "-")}`);
}

async function claimBuild(locks: string, kind: "use" | "build", excluded: readonly string[]): Promise<Claim> {
  try {
    return await claim(locks, kind, excluded);
  } catch (error) {
    if (!(error instanceof ClaimedError)) throw error;
    throw new StartFailure(
      kind === "use"
        ? `Another process (pid ${error.pid}) is building the console. Try again when it's done.`
        : `The sources have changed, so the console must be rebuilt, but process ${error.pid} uses the current build. Stop it first.`,
    );
  }
}

async function build(root: string, distDir: string, hash: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  console.log("Building the console. The first build takes about 1 minute.");
  const started = Date.now();
  const stamp = join(root, distDir, STAMP);
  await rm(stamp, { force: true });
  const next = createRequire(join(root, "package.json")).resolve("next/dist/bin/next");
  const child = spawn(process.execPath, [next, "build"], {
    cwd: root,
    env: { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed.push(chunk);
      // Print the progress, but not the list of routes.
      for (const line of chunk.toString().split("\n"))
        if (/^\s*(?:✓|Creating|Running TypeScript|Collecting|Generating)/.test(line)) console.log(`  ${line.trim()}`);
    });
  }
  const ended = await new Promise<number | string | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal ?? code));
  });
  if (ended !== 0) {
    process.stderr.write(Buffer.concat(printed));
    throw new StartFailure("The build failed. See the output above.");
  }
  await writeFile(stamp, `${JSON.stringify({ hash })}\n`);
  console.log(`Built in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function builtHash(root: string, distDir: string): Promise<string | undefined> {
  const text = await readFile(join(root, distDir, STAMP), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const stamp: unknown = JSON.parse(text);
  return typeof stamp === "object" && stamp !== null && "hash" in stamp && typeof stamp.hash === "string" ? stamp.hash : undefined;
}

async function sourceHash(root: string): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  const files = [...SOURCE_FILES];
  for (const folder of SOURCE_FOLDERS) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) files.push(join(entry.parentPath, entry.name).slice(root.length + 1));
    }
  }
  for (const file of files.sort()) {
    const content = await readFile(join(root, file)).catch(() => undefined);
    if (content) hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
