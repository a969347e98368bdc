import { createHash, timingSafeEqual } from "node:crypto";
import { environment } from "@/lib/platform/env";
import { currentUser } from "@/lib/platform/session";
import { ManagementError } from "../errors";
import { requireOwnWrite } from "./cookie-write";

/** The authenticated user or token. The activity list shows `name`. */
export interface Principal {
  kind: "session" | "token";
  name: string;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

function fromToken(authorization: string): Principal {
  const [, given] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  const { adminToken } = environment();
  if (given && adminToken && timingSafeEqual(digest(given), digest(adminToken))) return { kind: "token", name: "Management token" };
  throw new ManagementError(401, "The management token is invalid. Send Authorization: Bearer <GATEWRIGHT_ADMIN_TOKEN>.", [], {
    "WWW-Authenticate": 'Bearer realm="management", error="invalid_token"',
  });
}

/**
 * Authenticates a request by management token or session cookie. With the cookie, only the console's own pages can write.
 * @param signedIn returns the user of the session cookie
 * @throws ManagementError 401, 403 or 415
 */
export async function authenticate(request: Request, signedIn: typeof currentUser = currentUser): Promise<Principal> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return fromToken(authorization);
  const user = await signedIn();
  if (!user)
    throw new ManagementError(401, "Sign in, or send a management token.", [], { "WWW-Authenticate": 'Bearer realm="management"' });
  requireOwnWrite(request);
  return { kind: "session", name: user.email };
}
