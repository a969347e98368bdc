import { ManagementError } from "../errors";

/** Postgres stores no NUL character, neither in text (22021) nor in JSON (22P05). */
const NUL = /22021|22P05|invalid byte sequence|\\u0000 cannot be converted|unsupported Unicode escape/i;

const AWAY =
  /ECONNREFUSED|ECONNRESET|ENOENT|ETIMEDOUT|EPIPE|timeout|terminat|Connection|Can't reach|shutting down|P1001|P1002|P1008|P1017|P2024/i;

const codeOf = (error: unknown) => (typeof error === "object" && error !== null && "code" in error ? String(error.code) : "");

/** What a database error means for the caller, or undefined when it is our own mistake. */
export function fromDatabaseError(error: unknown): ManagementError | undefined {
  const code = codeOf(error);
  if (code === "P2025") return new ManagementError(404, "It is not there any more. Someone may have deleted it.");
  if (code === "P2002" || code === "P2003")
    return new ManagementError(409, "Someone changed the same thing at the same moment. Read it again and repeat.");
  if (code === "P2034") return new ManagementError(409, "Someone wrote at the same moment. Repeat the call.", [], { "Retry-After": "1" });
  const text =
    error instanceof Error ? `${code} ${error.name} ${error.message} ${error.cause instanceof Error ? error.cause.message : ""}` : "";
  const name = error instanceof Error ? error.name : "";
  if (NUL.test(text)) return new ManagementError(400, "The input has a NUL character, which cannot be stored. Remove it.");
  if ((code !== "" || name.startsWith("Prisma") || name === "DriverAdapterError") && AWAY.test(text)) {
    return new ManagementError(503, "The database cannot be reached. Nothing was changed; try again in a moment.", [], {
      "Retry-After": "2",
    });
  }
  return undefined;
}
