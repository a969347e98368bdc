import { unavailability } from "@/lib/platform/database-unavailable";
import { ManagementError } from "../errors";

/** Postgres rejects NUL in text (22021) and in JSON (22P05). */
const NUL = /22021|22P05|invalid byte sequence|\\u0000 cannot be converted|unsupported Unicode escape/i;

const codeOf = (error: unknown) => (typeof error === "object" && error !== null && "code" in error ? String(error.code) : "");

const unavailable = (detail: string, seconds: number) => new ManagementError(503, detail, [], { "Retry-After": String(seconds) });

/** Converts a database error that the client or operator can act on; undefined for a fault in the code. */
export function fromDatabaseError(error: unknown): ManagementError | undefined {
  const code = codeOf(error);
  if (code === "P2025") return new ManagementError(404, "The resource no longer exists. It may have been deleted.");
  if (code === "P2002" || code === "P2003")
    return new ManagementError(409, "A concurrent request changed the same resource. Read it again and retry.");
  if (code === "P2034")
    return new ManagementError(409, "A concurrent write conflicted with this one. Retry the request.", [], { "Retry-After": "1" });
  const why = unavailability(error);
  if (why === "disk full") return unavailable("The database's disk is full, so the change wasn't saved. Free disk space and retry.", 30);
  if (why === "read-only")
    return unavailable("The database is read-only, so the change wasn't saved. If its disk is full, free disk space and retry.", 30);
  if (why === "unreachable") return unavailable("The database is unreachable. Before you retry a write, check whether it was saved.", 2);
  const text =
    error instanceof Error ? `${code} ${error.name} ${error.message} ${error.cause instanceof Error ? error.cause.message : ""}` : "";
  if (NUL.test(text)) return new ManagementError(400, "The request contains a NUL character, which can't be stored. Remove it.");
  return undefined;
}
