import pg from "pg";
import { StartFailure } from "@/lib/platform/start-failure";

/**
 * Makes sure that the Postgres of `DATABASE_URL` can be used.
 * @throws StartFailure with one line that says where it was looked for and never the password
 */
export async function requirePostgres(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  const where = client.host.startsWith("/") ? client.host : `${client.host}:${client.port}`;
  try {
    await client.connect();
    await client.query("SELECT 1");
  } catch (error) {
    throw new StartFailure(
      `Postgres at ${where} cannot be used (${reason(error)}). Start it, correct DATABASE_URL, or leave DATABASE_URL out for the embedded Postgres.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function reason(error: unknown): string {
  // A host with two addresses gives one error for each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return "unknown error";
  const code = "code" in first && typeof first.code === "string" ? first.code : "";
  if (code === "ECONNREFUSED") return "nothing listens there";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name is not known";
  if (code === "28P01") return "the user or password is wrong";
  if (code === "3D000") return "that database does not exist";
  return first.message;
}
