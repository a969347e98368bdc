import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Maximum stored output of a process, for error messages. */
const KEPT_CHUNKS = 200;
const STOP_TIMEOUT_MS = 8000;

const running = new Set();
const folders = new Set();

/** A free port. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A new folder that is removed with everything else at the end. */
export function temporaryFolder(prefix) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

/** Starts a process that is stopped with this one, and stores its last output for error messages. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const output = [];
  const keep = (chunk) => {
    output.push(chunk);
    if (output.length > KEPT_CHUNKS) output.shift();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  running.add(child);
  child.once("error", (error) => {
    running.delete(child);
    keep(Buffer.from(`${error.message}\n`));
  });
  child.once("exit", () => running.delete(child));
  child.text = () => Buffer.concat(output).toString("utf8");
  return child;
}

/** Runs a command and returns its output. @throws with the output on failure */
export function run(command, args, options = {}) {
  const child = start(command, args, options);
  return new Promise((resolve, reject) => {
    const failed = (code) => reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${child.text()}`));
    child.once("error", failed);
    child.once("close", (code) => (code === 0 ? resolve(child.text()) : failed(code)));
  });
}

/** Waits until a URL returns a status below 500. */
export async function answering(url, child, seconds = 90) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The process for ${url} ended:\n${child.text()}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response && response.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ${seconds} s:\n${child.text()}`);
}

/** Stops one process, and by force when it does not end. */
export function stop(child) {
  if (!running.has(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** Stops everything that was started, and removes what was written. The last that was started is stopped first. */
export async function stopAll() {
  await Promise.all([...running].reverse().map(stop));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/** Leaves nothing behind when someone ends the benchmarks in their middle. */
export function stopOnSignals() {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ]) {
    process.once(signal, () => void stopAll().finally(() => process.exit(code)));
  }
}
