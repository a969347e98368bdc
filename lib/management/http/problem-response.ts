import { randomUUID } from "node:crypto";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import { logger } from "@/lib/platform/log";
import { ManagementError } from "../errors";
import { fromDatabaseError } from "./database-errors";

/** What every response of the management API carries. */
export const COMMON_HEADERS = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** The response to a failure, as RFC 9457 problem details. Details of what is not the client's mistake go to the log only. */
export function problemResponse(error: unknown, requestId: string): Response {
  const known = error instanceof ManagementError ? error : fromDatabaseError(error);
  if (!known) logger().error({ requestId, err: error }, "management call failed");
  const problem = known ?? new ManagementError(500, "The details are in the log under this request id.");
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

/** The response to a request that no operation is for. It counts under one name: paths are the client's to choose. */
export function rejected(error: ManagementError): Response {
  consoleMetrics().countManagementRequest("unknown", error.status);
  return problemResponse(error, randomUUID());
}

/** The methods of a path that `Allow` names: HEAD comes with GET, and OPTIONS with every path. */
export function allowed(methods: Iterable<string>): string {
  const has = [...methods];
  return [...has, ...(has.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
}

/** The response to a method that a path doesn't have: 405 with `Allow` (RFC 9110, 15.5.6). */
export function methodNotAllowed(allow: string): Response {
  return rejected(new ManagementError(405, `This path has no such method. It has ${allow}.`, [], { Allow: allow }));
}

/** What a path that can only be read exports besides GET. Next would respond 405 without `Allow`. */
export function readOnly() {
  const allow = allowed(["GET"]);
  const notAllowed = async () => methodNotAllowed(allow);
  const options = async () => new Response(null, { status: 204, headers: { ...COMMON_HEADERS, Allow: allow } });
  return { DELETE: notAllowed, OPTIONS: options, PATCH: notAllowed, POST: notAllowed, PUT: notAllowed };
}
