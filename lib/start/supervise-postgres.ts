import { type ChildProcess, fork } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeDurably } from "@/lib/platform/durable-file";
import { StartFailure } from "@/lib/platform/start-failure";
import type { PostgresMessage } from "./embedded-postgres";
import { stopChild } from "./processes";

export interface EmbeddedPostgres {
  /** For `pg`: a socket in a folder that only this user can enter. */
  url: string;
  stop(): Promise<void>;
}

/** The name that clients expect for the default port. */
const SOCKET_NAME = ".s.PGSQL.5432";
/** The shortest limit of the systems we know is 104 bytes, with the zero at the end. */
const LONGEST_SOCKET_PATH_BYTES = 103;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts the embedded Postgres on `<data directory>/postgres` in a process of its own and keeps it running: when it dies it is
 * started again, with growing pauses, while the console keeps serving what it has.
 *
 * @throws StartFailure when it does not come up the first time
 */
export async function startEmbeddedPostgres(dataDir: string, script: string): Promise<EmbeddedPostgres> {
  const socketDirectory = await makeSocketDirectory(dataDir);
  const socketPath = join(socketDirectory, SOCKET_NAME);
  const url = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`;
  let stopping = false;
  let child: ChildProcess | undefined;

  const launch = async (): Promise<void> => {
    child = fork(script, [dataDir, socketPath], { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
    await ready(child);
  };
  const keepRunning = async (): Promise<void> => {
    let pause = FIRST_RESTART_MS;
    while (!stopping) {
      const current = child;
      if (current && current.exitCode === null && current.signalCode === null) {
        await new Promise((resolve) => current.once("exit", resolve));
        continue;
      }
      console.error(`The embedded Postgres ended. It is started again in ${pause} ms.`);
      await delay(pause);
      if (stopping) return;
      try {
        await launch();
        pause = FIRST_RESTART_MS;
        console.error("The embedded Postgres runs again.");
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        pause = Math.min(pause * 2, LONGEST_RESTART_MS);
      }
    }
  };

  await launch();
  await writeDurably(join(dataDir, "run", "database-url"), `${url}\n`);
  void keepRunning();
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
    const failed = (reason: string) => reject(new StartFailure(`The embedded Postgres did not start: ${reason}`));
    child.once("exit", (code, signal) => failed(`it ended with ${signal ?? `code ${code}`}.`));
    child.once("error", (error) => failed(error.message));
    child.on("message", (message: PostgresMessage) => {
      if (message.type === "ready") resolve();
      else failed(message.reason);
    });
  });
}

/** Socket paths are short on every system: a deep data directory gets its socket in a folder of its own elsewhere. */
async function makeSocketDirectory(dataDir: string): Promise<string> {
  const inside = join(dataDir, "run");
  await mkdir(inside, { recursive: true, mode: 0o700 });
  await chmod(inside, 0o700);
  if (Buffer.byteLength(join(inside, SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES) return inside;
  return mkdtemp(join(tmpdir(), "gatewright-"));
}
