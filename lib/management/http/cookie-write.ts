import { environment } from "@/lib/platform/env";
import { ManagementError } from "../errors";

/** Whether a browser says that the request comes from a page of this very origin. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  return origin === new URL(environment().publicUrl).origin || new URL(origin).host === request.headers.get("host");
}

/**
 * Lets a request with the session cookie read, and write only as the console's own pages do: same-origin JSON. A browser sends
 * cookies along with requests that other pages make, and backends answer on this origin through the embedded gateway.
 * @throws ManagementError 403 or 415
 */
export function requireOwnWrite(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  if (!isSameOrigin(request))
    throw new ManagementError(403, "A write with the session cookie has to come from the console itself. Use a management token instead.");
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new ManagementError(415, "A write with the session cookie has to be sent as application/json.");
}
