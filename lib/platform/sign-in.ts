import { cookies, headers } from "next/headers";
import { clientAddress } from "./client-address";
import { consoleMetrics } from "./console-metrics";
import { counters } from "./counters";
import { database } from "./database";
import { type DeviceOwner, deviceCookie, knownDevice } from "./device-cookie";
import { logger } from "./log";
import { type LoginTry, loginThrottle } from "./login-throttle";
import { verifyPassword } from "./passwords";
import { sessionIdOf } from "./session-cookie";
import { endSession, type SignedInUser, startSession } from "./sessions";

/** The submitted form. */
export interface Credentials {
  email?: string;
  password?: string;
}

/** A signed-in user with the new session. */
export interface SignIn extends SignedInUser {
  sessionId: string;
}

/** Too many attempts. next-auth passes the message to the sign-in page. */
class Throttled extends Error {
  override name = "Throttled";

  constructor(waitSeconds: number) {
    super(`Throttled:${waitSeconds}`);
  }
}

/** Sets the device cookie. */
function setDeviceCookie(jar: Awaited<ReturnType<typeof cookies>>, owner: DeviceOwner): void {
  const { name, value, ...options } = deviceCookie(owner);
  jar.set(name, value, options);
}

async function checkPassword(credentials: Credentials | undefined): Promise<SignIn | null> {
  const email = (credentials?.email ?? "").trim().toLowerCase().slice(0, 320);
  const password = (credentials?.password ?? "").slice(0, 1024);
  const jar = await cookies();
  // Postgres rejects NUL, so no account has one.
  const user = email.includes("\0") ? null : await database().user.findUnique({ where: { email } });
  const by: LoginTry = {
    email,
    isKnown: user !== null,
    address: clientAddress(await headers()),
    device: user && knownDevice(user, (name) => jar.get(name)?.value),
  };
  const throttle = loginThrottle(counters());
  const waitSeconds = await throttle.take(by);
  if (waitSeconds > 0) throw new Throttled(waitSeconds);
  if (!(await verifyPassword(user?.passwordHash, password)) || !user) return null;
  await throttle.succeeded(by);
  const previous = await sessionIdOf(jar);
  const sessionId = await startSession(user.id, user.passwordHash);
  // The browser loses the previous session's cookie, so end it.
  if (previous !== null) await endSession(previous);
  setDeviceCookie(jar, user);
  return { id: user.id, email: user.email, name: user.name, role: user.role, sessionId };
}

/**
 * Checks a throttled password and starts a session; null when the email or password is wrong.
 * @throws Error `Throttled:<seconds>` or `Unavailable`; next-auth passes the message to the client, and the log has details
 */
export async function signIn(credentials: Credentials | undefined): Promise<SignIn | null> {
  try {
    const signedIn = await checkPassword(credentials);
    consoleMetrics().countSignIn(signedIn ? "success" : "wrong_password");
    return signedIn;
  } catch (error) {
    consoleMetrics().countSignIn(error instanceof Throttled ? "throttled" : "unavailable");
    if (error instanceof Throttled) throw error;
    logger().error({ err: error }, "can't check a sign-in");
    throw new Error("Unavailable");
  }
}
