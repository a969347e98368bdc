import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/project.mjs";
import { backendPaths, chromiumPath, nginxPath, startServices } from "./lib/services.mjs";
import { bundleEntryPoints, ensureDatabaseClient, ensureDependencies, requireNode } from "./lib/setup.mjs";
import { countPlaywright, countVitest } from "./lib/test-counts.mjs";

// `npm test [-- --unit --integration --e2e --faults] [filter]`: all set-up, then the suites; the last line is their sum.
requireNode();
process.chdir(root);
const SUITES = ["unit", "integration", "e2e", "faults"];
const named = SUITES.filter((suite) => process.argv.includes(`--${suite}`));
// Faults take their time: what of them is quick is among the integration tests.
const wanted = named.length > 0 ? named : ["unit", "integration", "e2e"];
const filters = process.argv.slice(2).filter((argument) => !SUITES.includes(argument.replace(/^--/, "")));

// Everything that the tests leave in the folder for temporary files goes with this one. Its name is short, because sockets
// are made in it.
const reports = mkdtempSync(join(tmpdir(), "gw-"));
// As root, services run as another user, whose own folder in here that user has to get to.
chmodSync(reports, 0o711);
process.once("exit", () => rmSync(reports, { recursive: true, force: true, maxRetries: 5 }));
let running;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    running?.kill("SIGTERM");
    setTimeout(() => process.exit(130), running ? 5000 : 0).unref();
    running?.once("exit", () => process.exit(130));
  });
}

/** Runs a program of the tests to its end; Ctrl-C here ends it too. */
function execute(args, env) {
  return new Promise((resolve) => {
    running = spawn(process.execPath, args, { cwd: root, env: { ...env, TMPDIR: reports }, stdio: ["ignore", "inherit", "inherit"] });
    running.once("error", () => resolve(1));
    running.once("exit", (code) => {
      running = undefined;
      resolve(code ?? 1);
    });
  });
}

function readReport(name) {
  const path = join(reports, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

const bin = (path) => join(root, "node_modules", path);

async function vitest(suite, config, env) {
  const output = join(reports, `${suite}.json`);
  const args = ["run", "--config", config, "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${output}`];
  const code = await execute([bin("vitest/vitest.mjs"), ...args, ...filters], env);
  return countVitest(readReport(`${suite}.json`), code);
}

async function playwright(env) {
  const code = await execute([bin("@playwright/test/cli.js"), "test", "--pass-with-no-tests", ...filters], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, "e2e.json"),
  });
  return countPlaywright(readReport("e2e.json"), code);
}

const started = Date.now();
await ensureDependencies();
await ensureDatabaseClient();

const counts = [];
async function suite(name, work) {
  console.log(`\n== ${name} tests`);
  const count = await work();
  console.log(`== ${name} tests: ${count.passed} passed, ${count.failed} failed`);
  counts.push(count);
}

if (wanted.includes("unit")) await suite("unit", () => vitest("unit", "vitest.config.ts", process.env));

if (wanted.some((name) => name !== "unit")) {
  const env = { ...process.env, GATEWRIGHT_DIST_DIR: process.env.GATEWRIGHT_DIST_DIR || ".next-test" };
  const browser = wanted.includes("e2e") ? await chromiumPath() : undefined;
  if (wanted.includes("integration")) Object.assign(env, await backendPaths());
  else if (wanted.includes("faults")) env.NGINX_PATH = await nginxPath();
  console.log("\nStarting Postgres and Redis for the tests.");
  const services = await startServices();
  Object.assign(env, services.env, browser ? { CHROMIUM_PATH: browser } : {});
  await bundleEntryPoints();
  // The tests run the product as it is built, beside whatever runs from this checkout.
  const built = await execute(["dist/start.js", "--build-only"], env);
  if (built !== 0) {
    counts.push({ passed: 0, failed: 1 });
  } else {
    if (wanted.includes("integration")) await suite("integration", () => vitest("integration", "vitest.integration.config.ts", env));
    if (wanted.includes("faults")) await suite("fault", () => vitest("faults", "vitest.faults.config.ts", env));
    if (wanted.includes("e2e")) await suite("end-to-end", () => playwright(env));
  }
  services.stop();
}

const total = (key) => counts.reduce((sum, count) => sum + count[key], 0);
console.log(`\nAll of it took ${Math.round((Date.now() - started) / 1000)} s.`);
console.log(`${total("passed")} passed, ${total("failed")} failed`);
process.exit(total("failed") > 0 ? 1 : 0);
