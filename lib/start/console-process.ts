import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartFailure } from "@/lib/platform/start-failure";
import { hasEnded, stopChild } from "./processes";

export interface ConsoleProcess {
  /** Resolves with a message when the console has exited and isn't restarted: in development, or after a stop. */
  ended: Promise<string>;
}

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 8_000;
/** Maximum size of a request's headers, as on a data plane. Node's default is half of it. */
const MAX_HEADER_BYTES = 32_768;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;
/** Uptime after which the restart delay is reset. */
const STEADY_MS = 60_000;

interface ConsoleOptions {
  root: string;
  mode: "start" | "dev";
  port: number;
  env: NodeJS.ProcessEnv;
  /** Called when the process exists and can be stopped. */
  onChild: (stop: () => Promise<void>) => void;
}

/**
 * Runs `next start` or `next dev`, waits until it serves, and restarts it with growing delays after a crash (not in development).
 * The preloaded leash ends it with this process.
 *
 * @throws StartFailure when it exits before it serves, or isn't ready within 2 minutes
 */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleProcess> {
  let child = launch(options);
  let stopping = false;
  options.onChild(async () => {
    stopping = true;
    await stopChild(child, "SIGTERM", STOP_TIMEOUT_MS);
  });
  await untilServing(child, options.port);

  const keepRunning = async (): Promise<string> => {
    let pauseMs = FIRST_RESTART_MS;
    for (let startedAt = Date.now(); ; startedAt = Date.now()) {
      const how = await ending(child);
      if (stopping || options.mode === "dev") return how;
      if (Date.now() - startedAt >= STEADY_MS) pauseMs = FIRST_RESTART_MS;
      console.error(`${how} Restarting it in ${pauseMs} ms.`);
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_RESTART_MS);
      if (stopping) return how;
      child = launch(options);
      untilServing(child, options.port).then(
        () => console.error("The console is serving again."),
        (error: unknown) => {
          if (!stopping) console.error(error instanceof Error ? error.message : error);
        },
      );
    }
  };
  return { ended: keepRunning() };
}

function launch({ root, mode, port, env }: ConsoleOptions): ChildProcess {
  const next = createRequire(join(root, "package.json")).resolve("next/dist/bin/next");
  return fork(next, [mode, "--port", String(port)], {
    cwd: root,
    env: { ...env, GATEWRIGHT_LEASH: "1" },
    execArgv: [`--max-http-header-size=${MAX_HEADER_BYTES}`, "--require", join(root, "dist/leash.cjs")],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const ended = () => resolve(`The console exited with ${child.signalCode ?? `code ${child.exitCode}`}.`);
    if (hasEnded(child)) ended();
    child.once("exit", ended);
    child.once("error", (error) => resolve(`The console failed to start: ${error.message}.`));
  });
}

async function untilServing(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last = "no response";
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new StartFailure("The console exited before it was ready. See the output above.");
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
  throw new StartFailure(`The console wasn't ready within 2 minutes (${last}).`);
}
