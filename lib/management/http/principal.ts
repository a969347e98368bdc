import { createHash, timingSafeEqual } from "node:crypto";
import { environment } from "@/lib/platform/env";
import { currentUser } from "@/lib/platform/session";
import { ManagementError } from "../errors";

/** Who asks. `name` is what the activity list shows. */
export interface Principal {
  kind: "session" | "token";
  name: string;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

function fromToken(authorization: string): Principal {
  const [, given] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  const { adminToken } = environment();
  if (given && adminToken && timingSafeEqual(digest(given), digest(adminToken))) return { kind: "token", name: "Management token" };
  throw new ManagementError(401, "The management token is not valid. Send Authorization: Bearer <GATEWRIGHT_ADMIN_TOKEN>.", [], {
    "WWW-Authenticate": 'Bearer realm="management", error="invalid_token"',
  });
}

/** Whether a browser says that the request comes from a page of this very origin. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  return origin === new URL(environment().publicUrl).origin || new URL(origin).host === request.headers.get("host");
}

/**
 * Finds out who asks: a management token, or the session cookie. A write with the cookie has to be
 * same-origin JSON, because a browser sends cookies along with requests that other pages make.
 * @throws ManagementError 401, 403 or 415
 */
export async function authenticate(request: Request): Promise<Principal> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return fromToken(authorization);
  const user = await currentUser();
  if (!user)
    throw new ManagementError(401, "Sign in, or send a management token.", [], { "WWW-Authenticate": 'Bearer realm="management"' });
  if (request.method !== "GET" && request.method !== "HEAD") {
    if (!isSameOrigin(request))
      throw new ManagementError(
        403,
        "A write with the session cookie has to come from the console itself. Use a management token instead.",
      );
    const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (type !== "application/json") throw new ManagementError(415, "A write with the session cookie has to be sent as application/json.");
  }
  return { kind: "session", name: user.email };
}
