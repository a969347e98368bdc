import pg from "pg";
import { StartFailure } from "@/lib/platform/start-failure";

/**
 * Checks the connection to `DATABASE_URL`.
 * @throws StartFailure with the address and the reason, without the password
 */
export async function requirePostgres(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  const where = client.host.startsWith("/") ? client.host : `${client.host}:${client.port}`;
  try {
    await client.connect();
    await client.query("SELECT 1");
  } catch (error) {
    throw new StartFailure(
      `Can't connect to Postgres at ${where} (${reason(error)}). Start it, correct DATABASE_URL, or unset DATABASE_URL to use the embedded Postgres.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function reason(error: unknown): string {
  // A host with two addresses has one error each.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return "unknown error";
  const code = "code" in first && typeof first.code === "string" ? first.code : "";
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "unknown host name";
  if (code === "28P01") return "wrong username or password";
  if (code === "3D000") return "the database doesn't exist";
  return first.message;
}
