import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartFailure } from "@/lib/platform/start-failure";
import { hasEnded, stopChild } from "./processes";

export interface ConsoleProcess {
  /** Resolves with a sentence when the console has ended. */
  ended: Promise<string>;
}

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 8_000;
/** All of a request's header fields together, as on a data plane. Node's own limit is half of it. */
const MAX_HEADER_BYTES = 32_768;

/**
 * Runs an unmodified `next start` or `next dev` and waits until it serves. The leash, loaded before Next, ends it when this
 * process is gone.
 *
 * @throws StartFailure when it ends before it serves, or serves nothing for two minutes
 */
export async function startConsole(options: {
  root: string;
  mode: "start" | "dev";
  port: number;
  env: NodeJS.ProcessEnv;
  /** Called as soon as there is a process to stop. */
  onChild: (stop: () => Promise<void>) => void;
}): Promise<ConsoleProcess> {
  const next = createRequire(join(options.root, "package.json")).resolve("next/dist/bin/next");
  const child = fork(next, [options.mode, "--port", String(options.port)], {
    cwd: options.root,
    env: { ...options.env, GATEWRIGHT_LEASH: "1" },
    execArgv: [`--max-http-header-size=${MAX_HEADER_BYTES}`, "--require", join(options.root, "dist/leash.cjs")],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(`The console ended with ${signal ?? `code ${code}`}.`));
    child.once("error", (error) => resolve(`The console could not be started: ${error.message}`));
  });
  options.onChild(() => stopChild(child, "SIGTERM", STOP_TIMEOUT_MS));
  await untilServing(child, options.port);
  return { ended };
}

async function untilServing(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new StartFailure("The console ended before it served. What it printed above says why.");
    try {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(30_000) });
      await response.arrayBuffer();
      if (response.ok) return;
      last = `status ${response.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await delay(100);
  }
  throw new StartFailure(`The console did not get ready within two minutes (${last}).`);
}
