import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./project.mjs";

const OLDEST_NODE = [20, 19];
const DEPENDENCIES_STAMP = join(root, "node_modules/.gatewright-stamp");
const CLIENT_STAMP = join(root, "generated/.gatewright-stamp");

/** Ends the process with one line when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(`Gatewright needs Node.js ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs exactly what package-lock.json names, unless that has been done for this very file. */
export async function ensureDependencies() {
  const wanted = hashOf("package-lock.json");
  if (stampOf(DEPENDENCIES_STAMP) === wanted) return;
  if (isComplete()) return writeStamp(DEPENDENCIES_STAMP, wanted);
  console.log("Installing dependencies (npm ci). This takes a minute or two the first time.");
  const code = await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]);
  if (code !== 0) fail("Installing the dependencies failed. See npm's output above, then run npm ci with a network connection.");
  writeStamp(DEPENDENCIES_STAMP, wanted);
}

/**
 * Whether someone's own `npm install` or `npm ci` has already put exactly these packages there: npm keeps a copy of the
 * lockfile, without the root package, of what it has installed.
 */
function isComplete() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
  const present = packagesOf(installed);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, wanted]) => path === "" || wanted.optional || present[path]?.version === wanted.version,
  );
}

/** Generates the database client when the schema has changed. */
export async function ensureDatabaseClient() {
  const wanted = `${hashOf("prisma/schema.prisma")} ${hashOf("package-lock.json")}`;
  if (stampOf(CLIENT_STAMP) === wanted && existsSync(join(root, "generated/prisma/client.ts"))) return;
  console.log("Generating the database client.");
  // Generating needs no engine, but the command looks for one and would try to download it.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" };
  const code = await run(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate", "--no-hints"], {
    env,
    quiet: true,
  });
  if (code !== 0) fail("Generating the database client failed. See the output above.");
  writeStamp(CLIENT_STAMP, wanted);
}

const DATA_PLANE = { format: "esm", entryPoints: { gateway: "lib/data-plane/main.ts" } };

const DOCUMENT_WORKER = { format: "esm", entryPoints: { "document-worker": "lib/management/document-worker.ts" } };

/** Bundles the entry points of the console and the data plane into `dist`: Node 20 runs no TypeScript. */
export async function bundleEntryPoints() {
  await bundleAll([
    { format: "esm", entryPoints: ["lib/start/start.ts", "lib/start/embedded-postgres.ts"] },
    { format: "cjs", entryPoints: ["lib/start/leash.ts"], outExtension: { ".js": ".cjs" } },
    DATA_PLANE,
    DOCUMENT_WORKER,
  ]);
}

/** Bundles the thread that reads documents, which tests of the management API in their own process need. */
export async function bundleDocumentWorker() {
  await bundleAll([DOCUMENT_WORKER]);
}

/** Bundles the data plane alone, which needs nothing generated. */
export async function bundleGateway() {
  await bundleAll([DATA_PLANE]);
}

async function bundleAll(bundles) {
  await Promise.all(bundles.map(bundle));
  // The bundler's own process would stay as long as this one.
  await (await import("esbuild")).stop();
}

async function bundle(options) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    bundle: true,
    platform: "node",
    target: "node20.19",
    packages: "external",
    write: false,
    logLevel: "warning",
    absWorkingDir: root,
    outdir: "dist",
    sourcemap: "inline",
    sourcesContent: false,
    ...options,
  });
  for (const file of outputFiles) replaceFile(file.path, file.contents);
}

/** Runs a command and returns its exit code. Quiet: prints its output only on failure. */
export function run(command, args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"] });
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("close", (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

/** Ends the process with one line. */
export function fail(line) {
  console.error(line);
  process.exit(1);
}

function hashOf(path) {
  return createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex");
}

function stampOf(path) {
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${value}\n`);
}

/** Another start may run this file at the same moment: it is replaced as a whole, and only when it differs. */
function replaceFile(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
