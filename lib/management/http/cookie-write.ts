import { environment } from "@/lib/platform/env";
import { ManagementError } from "../errors";

/** Returns whether the browser sent the request from a page of this origin. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  return origin === new URL(environment().publicUrl).origin || new URL(origin).host === request.headers.get("host");
}

/**
 * Accepts a write with the session cookie only as same-origin JSON. Browsers attach the cookie to other pages' requests too, and
 * the embedded gateway serves backends on this origin.
 * @throws ManagementError 403 or 415
 */
export function requireOwnWrite(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  if (!isSameOrigin(request))
    throw new ManagementError(403, "Writes with the session cookie must come from the console. Use a management token instead.");
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new ManagementError(415, "Writes with the session cookie must be JSON. Send Content-Type: application/json.");
}
