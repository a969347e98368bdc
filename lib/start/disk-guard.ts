import { statfs } from "node:fs/promises";
import pg from "pg";
import { DISK_RELEASE_BYTES, DISK_RESERVE_BYTES } from "@/lib/platform/disk-reserve";

const LOOK_MS = 1000;
/** A start writes a little, and must work with whatever room there is. */
const GRACE_MS = 30_000;
/** A client may hold the one session for half a minute. */
const PATIENCE_MS = 40_000;

export interface DiskGuard {
  /** Whether nothing is to be written. */
  isLow(): boolean;
  stop(): void;
}

/**
 * Makes the embedded Postgres read-only while its disk has no room but the reserve: reads, and with them sign-in checks and
 * deployments, go on, and writes fail with 25006. All clients share its one session, so that one setting is for all of them.
 * @param folder on the disk
 * @param periods in milliseconds; for tests
 */
export function guardDisk(folder: string, url: string, periods: { lookMs?: number; graceMs?: number } = {}): DiskGuard {
  let low = false;
  let looking = false;
  const set = async (readOnly: boolean) => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query(`SET default_transaction_read_only = ${readOnly ? "on" : "off"}`);
    } finally {
      void client.end().catch(() => undefined);
    }
  };
  const look = async () => {
    const { bavail, bsize } = await statfs(folder);
    const isLow = bavail * bsize < (low ? DISK_RELEASE_BYTES : DISK_RESERVE_BYTES);
    if (isLow === low) return;
    await set(isLow);
    low = isLow;
    console.error(
      isLow
        ? `The disk has less than ${DISK_RESERVE_BYTES / 1024 / 1024} MB left: the embedded Postgres is read-only. Free some space.`
        : "The disk has room again: the embedded Postgres takes writes.",
    );
  };
  const lookInTurn = () => {
    if (looking) return;
    looking = true;
    look()
      // The next look tries again.
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  };
  let timer: NodeJS.Timeout | undefined;
  const grace = setTimeout(() => {
    lookInTurn();
    timer = setInterval(lookInTurn, periods.lookMs ?? LOOK_MS);
    timer.unref();
  }, periods.graceMs ?? GRACE_MS);
  grace.unref();
  return {
    isLow: () => low,
    stop() {
      clearTimeout(grace);
      clearInterval(timer);
    },
  };
}
