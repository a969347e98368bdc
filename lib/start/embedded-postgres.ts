import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { type Claim, ClaimedError, claim } from "@/lib/platform/claims";
import { guardDisk } from "./disk-guard";
import { embeddedUrl } from "./embedded-url";
import { maintainPostgres } from "./maintenance";
import { servePostgres } from "./postgres-socket";

/** A message to the supervisor. */
export type PostgresMessage = { type: "ready" } | { type: "failed"; reason: string };

const HELD_SESSION_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 100;
const PREVIOUS_PROCESS_WAIT_MS = 15_000;

/**
 * The process of the embedded Postgres: `embedded-postgres.js <data directory> <socket path>`. It exits on request or when the
 * supervisor exits, so a killed supervisor leaves the data directory unlocked.
 */
async function main(): Promise<void> {
  const [dataDir, socketPath] = process.argv.slice(2);
  if (!dataDir || !socketPath) throw new Error("embedded-postgres <data directory> <socket path>");
  process.umask(0o077);
  // Ctrl-C reaches every process of the terminal, but the console needs the database to shut down.
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
      console.error("The embedded Postgres failed. Restarting it.", error);
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

/** After a `kill -9` of the supervisor, its Postgres needs some time to exit. */
async function claimWhenFree(lock: string): Promise<Claim> {
  const deadline = Date.now() + PREVIOUS_PROCESS_WAIT_MS;
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
  // Pending work would keep this process and the lock of the data directory alive.
  if (process.connected) process.send?.(message, undefined, undefined, () => process.exit(1));
  else process.exit(1);
});
