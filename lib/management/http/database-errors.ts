import { unavailability } from "@/lib/platform/database-unavailable";
import { ManagementError } from "../errors";

/** Postgres stores no NUL character, neither in text (22021) nor in JSON (22P05). */
const NUL = /22021|22P05|invalid byte sequence|\\u0000 cannot be converted|unsupported Unicode escape/i;

const codeOf = (error: unknown) => (typeof error === "object" && error !== null && "code" in error ? String(error.code) : "");

const unavailable = (detail: string, seconds: number) => new ManagementError(503, detail, [], { "Retry-After": String(seconds) });

/** What a database error means for the client, or undefined when it is our own mistake. */
export function fromDatabaseError(error: unknown): ManagementError | undefined {
  const code = codeOf(error);
  if (code === "P2025") return new ManagementError(404, "It is not there any more. Someone may have deleted it.");
  if (code === "P2002" || code === "P2003")
    return new ManagementError(409, "Someone changed the same thing at the same moment. Read it again and repeat.");
  if (code === "P2034") return new ManagementError(409, "Someone wrote at the same moment. Repeat the call.", [], { "Retry-After": "1" });
  const why = unavailability(error);
  if (why === "disk full")
    return unavailable("The database has no disk space left: the change isn't saved. Free some, then try again.", 30);
  if (why === "read-only")
    return unavailable("The database is read-only: the change isn't saved. If its disk is full, free some space, then try again.", 30);
  if (why === "unreachable")
    return unavailable("The database can't be reached. Try again in a moment; read first whether a change was saved.", 2);
  const text =
    error instanceof Error ? `${code} ${error.name} ${error.message} ${error.cause instanceof Error ? error.cause.message : ""}` : "";
  if (NUL.test(text)) return new ManagementError(400, "The input has a NUL character, which cannot be stored. Remove it.");
  return undefined;
}
