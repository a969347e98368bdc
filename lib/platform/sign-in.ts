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

/** What a person typed. */
export interface Credentials {
  email?: string;
  password?: string;
}

/** Someone who proved the password just now, and the session that was started for it. */
export interface SignIn extends SignedInUser {
  sessionId: string;
}

/** Too many tries. next-auth passes the message on to the sign-in page. */
class Throttled extends Error {
  override name = "Throttled";

  constructor(waitSeconds: number) {
    super(`Throttled:${waitSeconds}`);
  }
}

/** Sets what makes this browser a known one. */
function rememberDevice(jar: Awaited<ReturnType<typeof cookies>>, owner: DeviceOwner): void {
  const { name, value, ...options } = deviceCookie(owner);
  jar.set(name, value, options);
}

async function checkPassword(credentials: Credentials | undefined): Promise<SignIn | null> {
  const email = (credentials?.email ?? "").trim().toLowerCase().slice(0, 320);
  const password = (credentials?.password ?? "").slice(0, 1024);
  const jar = await cookies();
  // The database takes no NUL, so no account has one.
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
  const former = await sessionIdOf(jar);
  const sessionId = await startSession(user.id, user.passwordHash);
  // The browser has one cookie: nobody could end the session that it held before.
  if (former !== null) await endSession(former);
  rememberDevice(jar, user);
  return { id: user.id, email: user.email, name: user.name, role: user.role, sessionId };
}

/**
 * Checks a password within the limits on tries and starts a session. It is null when the email or the password is wrong.
 * @throws Error `Throttled:<seconds>` or `Unavailable`; next-auth shows the message to the client, details go to the log
 */
export async function signIn(credentials: Credentials | undefined): Promise<SignIn | null> {
  try {
    const signedIn = await checkPassword(credentials);
    consoleMetrics().countSignIn(signedIn ? "success" : "wrong_password");
    return signedIn;
  } catch (error) {
    consoleMetrics().countSignIn(error instanceof Throttled ? "throttled" : "unavailable");
    if (error instanceof Throttled) throw error;
    logger().error({ err: error }, "a sign-in can't be checked");
    throw new Error("Unavailable");
  }
}
