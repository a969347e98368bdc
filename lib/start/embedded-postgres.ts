import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { type Claim, ClaimedError, claim } from "@/lib/platform/claims";
import { guardDisk } from "./disk-guard";
import { embeddedUrl } from "./embedded-url";
import { maintainPostgres } from "./maintenance";
import { servePostgres } from "./postgres-socket";

/** Said to the start over the channel between the processes. */
export type PostgresMessage = { type: "ready" } | { type: "failed"; reason: string };

const HELD_SESSION_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 100;
const FORMER_PROCESS_WAIT_MS = 15_000;

/**
 * The process of the embedded Postgres: `embedded-postgres.js <data directory> <socket path>`. It ends when the start asks
 * it to or has gone, so that a start that was killed leaves the data directory free.
 */
async function main(): Promise<void> {
  const [dataDir, socketPath] = process.argv.slice(2);
  if (!dataDir || !socketPath) throw new Error("embedded-postgres <data directory> <socket path>");
  process.umask(0o077);
  // Ctrl-C reaches every process of the terminal; the console still needs the database to end what it does.
  process.on("SIGINT", () => undefined);
  const directory = join(dataDir, "postgres");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const held = await claimWhenFree(`${directory}.lock`);
  const db = await PGlite.create({ dataDir: directory });
  await rm(socketPath, { force: true });
  const server = await servePostgres({
    db,
    path: socketPath,
    maxConnections: MAX_CONNECTIONS,
    heldSessionTimeoutMs: HELD_SESSION_TIMEOUT_MS,
    onFatal: (error) => {
      console.error("The embedded Postgres failed and starts again.", error);
      process.exit(1);
    },
  });

  const url = embeddedUrl(dirname(socketPath));
  const guard = guardDisk(directory, url);
  const maintenance = maintainPostgres(url, guard.isLow);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    guard.stop();
    maintenance.stop();
    server.close();
    await db.close().catch(() => undefined);
    await rm(socketPath, { force: true });
    await held.release();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("message", (message) => {
    if (message === "stop") void stop();
  });
  process.on("disconnect", () => void stop());
  if (!process.connected) await stop();
  report({ type: "ready" });
}

/** After a `kill -9` of the start, its Postgres needs a moment to notice and to end. */
async function claimWhenFree(lock: string): Promise<Claim> {
  const deadline = Date.now() + FORMER_PROCESS_WAIT_MS;
  for (;;) {
    try {
      return await claim(lock, "postgres", ["postgres"]);
    } catch (error) {
      if (!(error instanceof ClaimedError) || Date.now() > deadline) throw error;
      await delay(100);
    }
  }
}

function report(message: PostgresMessage): void {
  process.send?.(message);
}

main().catch((error: unknown) => {
  const message: PostgresMessage = { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  // Whatever had been begun would keep this process alive, and with it the lock of the data directory.
  if (process.connected) process.send?.(message, undefined, undefined, () => process.exit(1));
  else process.exit(1);
});
