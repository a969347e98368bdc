import pg from "pg";

/** The log of changes since the last checkpoint is replayed at the next start: a minute of it takes about a second. */
const CHECKPOINT_MS = 60_000;
const VACUUM_MS = 10 * 60_000;
/** A client may hold the one session for half a minute. */
const PATIENCE_MS = 40_000;

const TABLES = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`;

/** What a Postgres of several processes does by itself, and the embedded one, which has one, has to be told. */
export interface Maintenance {
  stop(): void;
}

/**
 * Writes checkpoints and removes dead rows from now on, as an ordinary client: between two statements others have their turn.
 * @param isPaused whether nothing is to be written now
 * @param periods how often, in milliseconds; for tests
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
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS });
    client.on("error", () => undefined);
    try {
      await client.connect();
      for (const statement of await statements(client)) await client.query(statement);
      if (failing) console.error("The embedded Postgres is maintained again.");
      failing = false;
    } catch (error) {
      if (!failing) console.error(`The embedded Postgres can't be maintained: ${error instanceof Error ? error.message : String(error)}`);
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
