import pg from "pg";

/** Longer than a client may hold the single session (30 s) and than maintenance takes. */
const TIMEOUT_MS = 40_000;

/** Runs one query in each protocol. @returns the error, or null when Postgres is healthy */
export async function findHealthProblem(url: string, timeoutMs = TIMEOUT_MS): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  // A broken connection fails the query; an unhandled error event would end this process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    await client.query("SELECT $1::int", [1]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    void client.end().catch(() => undefined);
  }
}
