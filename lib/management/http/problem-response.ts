import { randomUUID } from "node:crypto";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import { logger } from "@/lib/platform/log";
import { ManagementError } from "../errors";
import { fromDatabaseError } from "./database-errors";

/** Headers of every management API response. */
export const COMMON_HEADERS = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Creates the RFC 9457 response to a failure. Details of unexpected errors go to the log only. */
export function problemResponse(error: unknown, requestId: string): Response {
  const known = error instanceof ManagementError ? error : fromDatabaseError(error);
  if (!known) logger().error({ requestId, err: error }, "management API request failed");
  const problem = known ?? new ManagementError(500, "An unexpected error occurred. Search the log for this request ID.");
  const body = {
    type: "about:blank",
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    requestId,
    ...(problem.errors.length ? { errors: problem.errors } : {}),
  };
  return Response.json(body, {
    status: problem.status,
    headers: { ...COMMON_HEADERS, ...problem.headers, "Content-Type": "application/problem+json", "X-Request-Id": requestId },
  });
}

/** Creates the response to a request that no operation matches. The metric has one label: clients choose paths freely. */
export function rejected(error: ManagementError): Response {
  consoleMetrics().countManagementRequest("unknown", error.status);
  return problemResponse(error, randomUUID());
}

/** Returns the `Allow` value of a path: HEAD comes with GET, and OPTIONS with every path. */
export function allowed(methods: Iterable<string>): string {
  const has = [...methods];
  return [...has, ...(has.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
}

/** Creates the 405 response with `Allow` (RFC 9110, 15.5.6). */
export function methodNotAllowed(allow: string): Response {
  return rejected(new ManagementError(405, `This path doesn't support the method. Use one of ${allow}.`, [], { Allow: allow }));
}

/** Returns the handlers that a read-only route exports besides GET. Next's own 405 lacks `Allow`. */
export function readOnly() {
  const allow = allowed(["GET"]);
  const notAllowed = async () => methodNotAllowed(allow);
  const options = async () => new Response(null, { status: 204, headers: { ...COMMON_HEADERS, Allow: allow } });
  return { DELETE: notAllowed, OPTIONS: options, PATCH: notAllowed, POST: notAllowed, PUT: notAllowed };
}
