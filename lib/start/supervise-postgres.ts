import { type ChildProcess, fork } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeDurably } from "@/lib/platform/durable-file";
import { StartFailure } from "@/lib/platform/start-failure";
import type { PostgresMessage } from "./embedded-postgres";
import { embeddedUrl } from "./embedded-url";
import { findHealthProblem } from "./postgres-health";
import { hasEnded, stopChild } from "./processes";

export interface EmbeddedPostgres {
  /** Connection string for `pg`. */
  url: string;
  stop(): Promise<void>;
}

/** The socket name of the default port. */
const SOCKET_NAME = ".s.PGSQL.5432";
/** The shortest limit of supported systems is 104 bytes with the trailing zero. */
const LONGEST_SOCKET_PATH_BYTES = 103;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;
/** Health check interval. */
const HEALTH_MS = 5000;

/**
 * Starts the embedded Postgres on `<data directory>/postgres` in its own process, and restarts it with growing delays when it exits
 * or hangs.
 *
 * @param timeoutMs health check timeout
 * @throws StartFailure when the first start fails
 */
export async function startEmbeddedPostgres(dataDir: string, script: string, timeoutMs?: number): Promise<EmbeddedPostgres> {
  const socketDirectory = await makeSocketDirectory(dataDir);
  const socketPath = join(socketDirectory, SOCKET_NAME);
  const url = embeddedUrl(socketDirectory);
  let stopping = false;
  let child: ChildProcess | undefined;
  /** It reported ready and hasn't exited since. */
  let isUp = false;

  const launch = async (): Promise<void> => {
    child = fork(script, [dataDir, socketPath], { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
    const launched = child;
    launched.once("exit", () => {
      if (child === launched) isUp = false;
    });
    try {
      await ready(launched);
      isUp = true;
    } catch (error) {
      // A failed process must not keep the lock of the data directory.
      launched.kill("SIGKILL");
      throw error;
    }
  };
  /** Kills a Postgres that hangs or only returns errors; `keepRunning` restarts it. */
  const watchHealth = async (): Promise<void> => {
    for (;;) {
      await delay(HEALTH_MS, undefined, { ref: false });
      if (stopping) return;
      const current = child;
      if (!current || !isUp) continue;
      const why = await findHealthProblem(url, timeoutMs);
      if (why === null || stopping || current !== child || hasEnded(current)) continue;
      console.error(`The embedded Postgres doesn't respond (${why}). Killing it.`);
      current.kill("SIGKILL");
      await new Promise((resolve) => (hasEnded(current) ? resolve(undefined) : current.once("exit", resolve)));
    }
  };
  const keepRunning = async (): Promise<void> => {
    let pause = FIRST_RESTART_MS;
    while (!stopping) {
      const current = child;
      if (current && !hasEnded(current)) {
        await new Promise((resolve) => current.once("exit", resolve));
        continue;
      }
      console.error(`The embedded Postgres exited. Restarting it in ${pause} ms.`);
      await delay(pause);
      if (stopping) return;
      try {
        await launch();
        pause = FIRST_RESTART_MS;
        console.error("The embedded Postgres is running again.");
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        pause = Math.min(pause * 2, LONGEST_RESTART_MS);
      }
    }
  };

  await launch();
  try {
    await writeDurably(join(dataDir, "run", "database-url"), `${url}\n`);
  } catch (error) {
    child?.kill("SIGKILL");
    throw new StartFailure(`The data directory ${dataDir} isn't writable: ${error instanceof Error ? error.message : String(error)}`);
  }
  void keepRunning();
  void watchHealth();
  return {
    url,
    async stop() {
      stopping = true;
      if (child) await stopChild(child, "stop", STOP_TIMEOUT_MS);
      await rm(join(dataDir, "run", "database-url"), { force: true });
      if (!socketDirectory.startsWith(dataDir)) await rm(socketDirectory, { recursive: true, force: true });
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (reason: string) => reject(new StartFailure(`The embedded Postgres failed to start: ${reason}`));
    child.once("exit", (code, signal) => failed(`it exited with ${signal ?? `code ${code}`}.`));
    child.once("error", (error) => failed(error.message));
    child.on("message", (message: PostgresMessage) => {
      if (message.type === "ready") resolve();
      else failed(message.reason);
    });
  });
}

/** Uses a temporary directory if the data directory's path exceeds the limit for socket paths. */
async function makeSocketDirectory(dataDir: string): Promise<string> {
  const inside = join(dataDir, "run");
  await mkdir(inside, { recursive: true, mode: 0o700 });
  await chmod(inside, 0o700);
  if (Buffer.byteLength(join(inside, SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES) return inside;
  return mkdtemp(join(tmpdir(), "gatewright-"));
}
