import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { root } from "./lib/project.mjs";
import { startServices } from "./lib/services.mjs";
import { ensureDatabaseClient, ensureDependencies, requireNode } from "./lib/setup.mjs";
import { MUTANTS } from "./mutants/list.mjs";
import { applied } from "./mutants/mutant.mjs";

// `npm run test:mutants [-- filter…]`: puts one realistic fault after the other into a copy of the source, and runs the test
// that has to notice it. A fault that its test passes is a hole in the tests.
requireNode();
process.chdir(root);
await ensureDependencies();
await ensureDatabaseClient();

const filters = process.argv.slice(2);
const mutants = MUTANTS.filter(
  ({ fault, file, test }) => filters.length === 0 || filters.some((filter) => `${fault} ${file} ${test}`.includes(filter)),
);
const copy = mkdtempSync(join(tmpdir(), "gw-mutants-"));
let running;
let services;
process.once("exit", () => {
  services?.stop();
  rmSync(copy, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    running?.kill("SIGTERM");
    process.exit(130);
  });
}

/** Copies what is tracked, with its changes, and leads to the packages that are installed here. */
function makeCopy() {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" }).split("\n");
  for (const file of files.filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const folder of ["node_modules", "generated", "dist"]) {
    if (existsSync(join(root, folder))) symlinkSync(join(root, folder), join(copy, folder));
  }
}

/** Timeout in milliseconds. A test that waits for something the fault prevents has detected it. */
const TEST_TIMEOUT_MS = 30_000;
const RUN_TIMEOUT_MS = 15 * 60_000;

const isIntegration = (test) => test.includes(".integration.test.");

/** Runs test files of one kind. Returns whether each passed; files that couldn't run are omitted. */
async function run(files, ...options) {
  const report = join(copy, "mutant.json");
  rmSync(report, { force: true });
  const config = files.some(isIntegration) ? "vitest.integration.config.ts" : "vitest.config.ts";
  const vitest = [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--config",
    config,
    "--reporter=json",
    `--outputFile=${report}`,
    `--testTimeout=${TEST_TIMEOUT_MS}`,
  ];
  await new Promise((resolve) => {
    running = spawn(process.execPath, [...vitest, ...options, ...files], {
      cwd: copy,
      env: { ...process.env, ...services?.env },
      stdio: "ignore",
      timeout: RUN_TIMEOUT_MS,
    });
    running.once("exit", resolve);
    running.once("error", resolve);
  });
  if (!existsSync(report)) return new Map();
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  return new Map(
    testResults
      .filter(({ assertionResults }) => assertionResults.length > 0)
      .map(({ name, status }) => [relative(realpathSync(copy), name), status === "passed"]),
  );
}

makeCopy();
const problems = [];
const tests = [...new Set(mutants.map(({ test }) => test))];
if (tests.some(isIntegration)) services = await startServices();
console.log(`Without a fault: ${tests.length} test files.`);
const passing = new Map();
for (const files of [tests.filter((test) => !isIntegration(test)), tests.filter(isIntegration)]) {
  if (files.length > 0) for (const [test, passed] of await run(files)) passing.set(test, passed);
}
for (const test of tests) {
  if (!passing.get(test)) problems.push(`${test} ${passing.has(test) ? "fails" : "cannot be run"} without any fault.`);
}
let noticed = 0;
for (const mutant of mutants) {
  const { fault, file, test } = mutant;
  if (!passing.get(test)) continue;
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  try {
    writeFileSync(path, applied(source, mutant));
    const result = (await run([test], "--bail=1")).get(test);
    if (result === false) noticed += 1;
    else problems.push(`${fault} (${file}): ${test} ${result ? "passes all the same" : "cannot be run with it"}.`);
    console.log(`${result === false ? "noticed " : "MISSED  "} ${fault}`);
  } catch (error) {
    problems.push(error.message);
  } finally {
    writeFileSync(path, source);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${noticed} passed, ${problems.length} failed`);
process.exit(problems.length > 0 ? 1 : 0);
