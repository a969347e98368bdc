import pg from "pg";

/** Longer than a client may hold the one session (30 s) and than any maintenance takes. */
const PATIENCE_MS = 40_000;

/** Asks a Postgres two questions, in both protocols. @returns why it can't answer, or null when it does */
export async function whyUnwell(url: string, patienceMs = PATIENCE_MS): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs });
  // A connection that breaks fails the query; without a listener it would end this process.
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
