import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENVIRONMENT_VARIABLES } from "@/lib/platform/env";
import { freePort } from "./free-port";

export interface StartOptions {
  env?: Record<string, string>;
  /** Kept when it is given; otherwise a new one that is removed at the end. */
  dataDir?: string;
  port?: number;
}

/** The built product in a process of its own, whether it comes up or not. */
export interface Launched {
  dataDir: string;
  port: number;
  pid: number;
  /** Everything printed so far, by the start and all that it started. */
  output(): string;
  /** Resolves with the exit code, or the signal's name, when it has ended. */
  ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** Ends every process of it at once, as a power cut would, and keeps the data directory. */
  kill9(): Promise<void>;
}

export interface RunningGatewright extends Launched {
  url: string;
  adminEmail: string;
  /** Only when the start made one. */
  adminPassword: string | undefined;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

const READY_LINE = "Gatewright is running.";
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;

/** Starts the product as it was built by `npm test`, without looking whether the sources have changed since. */
export async function launchGatewright(options: StartOptions = {}): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "gatewright-test-"));
  const cleared = Object.fromEntries(ENVIRONMENT_VARIABLES.map((name) => [name, ""]));
  const child = spawn(process.execPath, ["dist/start.js", "--no-build"], {
    cwd: process.cwd(),
    env: { ...process.env, ...cleared, NODE_ENV: "production", PORT: String(port), GATEWRIGHT_DATA_DIR: dataDir, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that a test can end all of it at once.
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The product could not be started.");
  const chunks: string[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  const killAll = () => killGroup(pid);
  process.once("exit", killAll);
  const ended = exit(child).finally(() => process.off("exit", killAll));
  if (!options.dataDir) process.once("exit", () => rmSync(dataDir, { recursive: true, force: true }));
  return {
    dataDir,
    port,
    pid,
    ended,
    output: () => chunks.join(""),
    signal: (name) => process.kill(pid, name),
    async kill9() {
      killAll();
      await ended;
    },
  };
}

/** The same, and waits until it serves. */
export async function startGatewright(options: StartOptions = {}): Promise<RunningGatewright> {
  const launched = await launchGatewright(options);
  await ready(launched);
  const printed = (name: string) => new RegExp(`^ +${name} +(\\S+)`, "m").exec(launched.output())?.[1];
  return {
    ...launched,
    url: `http://localhost:${launched.port}`,
    adminEmail: printed("Sign in as") ?? "",
    adminPassword: printed("Password"),
    async stop() {
      const timer = setTimeout(() => killGroup(launched.pid), STOP_TIMEOUT_MS);
      try {
        launched.signal("SIGINT");
      } catch {
        // It has ended already.
      }
      await launched.ended;
      clearTimeout(timer);
    },
  };
}

function exit(child: ChildProcess): Promise<number | string> {
  // "close" comes after everything printed has been read.
  return new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code ?? 0)));
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // None of the group is left.
  }
}

async function ready(launched: Launched): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let over: number | string | undefined;
  void launched.ended.then((how) => {
    over = how;
  });
  while (!launched.output().includes(READY_LINE)) {
    if (over !== undefined) throw new Error(`The product ended with ${over} before it served:\n${launched.output()}`);
    if (Date.now() > deadline) {
      await launched.kill9();
      throw new Error(`The product did not serve within ${READY_TIMEOUT_MS / 1000} s:\n${launched.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
