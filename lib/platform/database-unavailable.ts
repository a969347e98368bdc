/** The database didn't respond in time. The outcome of the statement is unknown. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** Maximum time to connect to Postgres or to wait for a free connection. */
export const CONNECT_TIMEOUT_MS = 3000;
/** Maximum time without traffic from Postgres. */
export const SILENCE_TIMEOUT_MS = 5000;
/** Maximum wait for a shared read. */
export const SHARED_READ_TIMEOUT_MS = 4000;
/** Maximum age of the last successful read before the process reports Postgres as unreachable. */
export const STALE_AFTER_MS = 3000;

/**
 * Limits the wait for shared work, which itself continues.
 * @throws DatabaseUnavailable after `timeoutMs`, and the work's own errors
 */
export function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new DatabaseUnavailable(`Postgres didn't respond within ${timeoutMs} ms.`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * SQLSTATE values that blame the server or the connection, not the statement: connection (08), resources such as a full disk (53),
 * operator intervention (57), system errors (58), internal errors (XX), a lock timeout.
 */
const UNAVAILABLE_STATE = /^(?:08|28|53|57|58|XX)...$|^(?:25P03|3D000|55P03)$/;
/** Prisma: unreachable, timed out, access denied, connection closed, pool or transaction not available in time, too many connections. */
const UNAVAILABLE_CODE = /^P(?:1\d{3}|2024|2028|2037)$/;
const SYSTEM_CODE =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ENOENT|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|EMFILE|ENFILE)$/;
const KINDS = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
  "AuthenticationFailed",
  "DatabaseAccessDenied",
  "DatabaseDoesNotExist",
  "TlsConnectionError",
]);
/** Errors of `pg` without a code. */
const DRIVER_MESSAGE =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after|timeout expired|Connection ended)/;
/** A standby, or the embedded Postgres while its disk has no room but its reserve. */
const READ_ONLY = "25006";
const FULL_DISK = new Set(["53100", "ENOSPC", "EDQUOT"]);

/** Identifying fields of an error or one of its causes. */
interface Clues {
  name: string;
  message: string;
  codes: readonly string[];
  kinds: readonly string[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function cluesOf(error: unknown): Clues[] {
  const clues: Clues[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null || seen.has(value) || seen.size > 20) return;
    seen.add(value);
    const fields = value as Record<string, unknown>;
    clues.push({
      name: text(fields.name),
      message: text(fields.message) || text(fields.originalMessage),
      codes: [text(fields.code), text(fields.originalCode), text(fields.errorCode)],
      kinds: [text(fields.kind)],
    });
    for (const inner of [fields.cause, fields.meta, fields.driverAdapterError]) visit(inner);
    if (Array.isArray(fields.errors)) fields.errors.forEach(visit);
  };
  visit(error);
  return clues;
}

/** SQLSTATE of a table and of a column that the database doesn't have. */
const MISSING = new Set(["42P01", "42703"]);

/** What the database says that it lacks, when its schema is another version's; undefined for any other error. */
export function missingInSchema(error: unknown): string | undefined {
  return cluesOf(error).findLast(({ codes, message }) => message !== "" && codes.some((code) => MISSING.has(code)))?.message;
}

/** Whether an error means a full disk, a database that takes no writes, or an unreachable one; undefined for any other error. */
export function unavailability(error: unknown): "disk full" | "read-only" | "unreachable" | undefined {
  const clues = cluesOf(error);
  if (clues.some(({ codes }) => codes.some((code) => FULL_DISK.has(code)))) return "disk full";
  if (clues.some(({ codes }) => codes.includes(READ_ONLY))) return "read-only";
  const isUnavailable = clues.some(
    ({ name, message, codes, kinds }) =>
      name === "DatabaseUnavailable" ||
      name === "PrismaClientInitializationError" ||
      codes.some((code) => UNAVAILABLE_STATE.test(code) || UNAVAILABLE_CODE.test(code) || SYSTEM_CODE.test(code)) ||
      kinds.some((kind) => KINDS.has(kind)) ||
      DRIVER_MESSAGE.test(message),
  );
  return isUnavailable ? "unreachable" : undefined;
}
