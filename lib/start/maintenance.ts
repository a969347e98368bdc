import pg from "pg";

/** The next start replays the changes since the last checkpoint: 1 minute of them takes about 1 second. */
const CHECKPOINT_MS = 60_000;
const VACUUM_MS = 10 * 60_000;
/** A client may hold the single session for 30 seconds. */
const TIMEOUT_MS = 40_000;

const TABLES = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`;

/** Background maintenance that PGlite, a single process, doesn't run itself. */
export interface Maintenance {
  stop(): void;
}

/**
 * Runs regular checkpoints and vacuums as a normal client, so other clients run between statements.
 * @param isPaused whether writes are paused
 * @param periods intervals for tests
 */
export function maintainPostgres(
  url: string,
  isPaused: () => boolean = () => false,
  periods: { checkpointMs?: number; vacuumMs?: number } = {},
): Maintenance {
  let running = false;
  let failing = false;
  const run = async (statements: (client: pg.Client) => Promise<readonly string[]>) => {
    if (running || isPaused()) return;
    running = true;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
    client.on("error", () => undefined);
    try {
      await client.connect();
      for (const statement of await statements(client)) await client.query(statement);
      if (failing) console.error("Maintenance of the embedded Postgres works again.");
      failing = false;
    } catch (error) {
      if (!failing) console.error(`Maintenance of the embedded Postgres failed: ${error instanceof Error ? error.message : String(error)}`);
      failing = true;
    } finally {
      void client.end().catch(() => undefined);
      running = false;
    }
  };
  const vacuum = async (client: pg.Client) => {
    const { rows } = await client.query<{ name: string }>(TABLES);
    return [...rows.map(({ name }) => `VACUUM (ANALYZE) ${name}`), "CHECKPOINT"];
  };
  const timers = [
    setInterval(() => void run(async () => ["CHECKPOINT"]), periods.checkpointMs ?? CHECKPOINT_MS),
    setInterval(() => void run(vacuum), periods.vacuumMs ?? VACUUM_MS),
  ];
  for (const timer of timers) timer.unref();
  return {
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
