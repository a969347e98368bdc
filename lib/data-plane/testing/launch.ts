import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENVIRONMENT_VARIABLES } from "@/lib/platform/env";
import { freePort } from "@/lib/testing/free-port";

/** A data plane in a process of its own, whether it comes up or not. */
export interface LaunchedGateway {
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  /** Everything printed so far. */
  output(): string;
  /** Resolves with the exit code, or the signal's name. */
  ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** Reads nothing of what it prints, until {@link resumeOutput}. */
  pauseOutput(): void;
  resumeOutput(): void;
  /** What `/readyz` says; status 0 while nothing listens. */
  readiness(): Promise<{ status: number; degraded: string[] }>;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  env?: Record<string, string>;
  args?: string[];
  /** What is run instead of Node with the bundle. */
  command?: string[];
  /** What Node itself is told. */
  nodeArgs?: string[];
  dataDir?: string;
  port?: number;
}

const STOP_TIMEOUT_MS = 20_000;
const running = new Set<LaunchedGateway>();

/** Ends every data plane that a test has launched and not stopped itself: for `afterEach`. */
export async function stopAllGateways(): Promise<void> {
  await Promise.all([...running].map((gateway) => gateway.stop()));
}

/** The metrics token of gateways for which a test sets none: it shows the details of `/readyz`. */
export const METRICS_TOKEN = "launched-gateway-metrics-token";

/** A secret key for a test. */
export const newSecretKey = (): string => randomBytes(32).toString("base64");

/** Starts `dist/gateway.js` as `npm run gateway` does. */
export async function launchGateway({ env = {}, args = [], nodeArgs = [], ...options }: LaunchOptions): Promise<LaunchedGateway> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "gw-plane-"));
  const [command = process.execPath, ...rest] = options.command ?? [process.execPath, ...nodeArgs, "dist/gateway.js", ...args];
  const child = spawn(command, rest, {
    cwd: process.cwd(),
    env: {
      ...process.env,
      ...Object.fromEntries(ENVIRONMENT_VARIABLES.map((name) => [name, ""])),
      NODE_ENV: "production",
      GATEWAY_PORT: String(port),
      GATEWRIGHT_DATA_DIR: dataDir,
      GATEWRIGHT_METRICS_TOKEN: METRICS_TOKEN,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The data plane could not be started.");
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<number | string>((resolve) => {
    // "close" comes after everything printed has been read.
    child.once("close", (code, signal) => resolve(signal ?? code ?? 0));
  }).finally(() => {
    process.off("exit", kill);
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    // A connection that is kept would have a gateway that trusts this address wait for it when it ends.
    const response = await fetch(url + path, { headers: { connection: "close", ...headers } });
    return { status: response.status, text: await response.text() };
  };
  const launched: LaunchedGateway = {
    url,
    port,
    pid,
    dataDir,
    output: () => chunks.join(""),
    ended,
    signal: (name) => child.kill(name),
    pauseOutput: () => child.stdout.pause(),
    resumeOutput: () => child.stdout.resume(),
    get,
    async readiness() {
      const { status, text } = await get("/readyz", { authorization: `Bearer ${env.GATEWRIGHT_METRICS_TOKEN ?? METRICS_TOKEN}` }).catch(
        () => ({ status: 0, text: "{}" }),
      );
      const { degraded = [] } = JSON.parse(text) as { degraded?: string[] };
      return { status, degraded };
    },
    async stop() {
      child.kill("SIGTERM");
      const patience = setTimeout(kill, STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(patience);
    },
  };
  running.add(launched);
  void ended.then(() => running.delete(launched));
  return launched;
}

/** Waits until a condition holds; after twenty seconds the test fails with what was seen last. */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`It never came to be; seen last: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
