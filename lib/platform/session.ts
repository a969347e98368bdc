import { hkdfSync } from "node:crypto";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getServerSession, type NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { counters } from "./counters";
import { database } from "./database";
import { environment } from "./env";
import { newId } from "./ids";
import { logger } from "./log";
import { loginThrottle } from "./login-throttle";
import { verifyPassword } from "./passwords";
import { PEER_HEADER } from "./peer";

/** How long a session lasts without use. */
const SESSION_SECONDS = 8 * 60 * 60;

/** Who is signed in. */
export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: string;
}

/** The key that signs sessions, derived so that the secret key itself is used for nothing but encryption. */
function sessionKey(): string {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set. Start Gatewright with `npm start`, which makes one.");
  return Buffer.from(hkdfSync("sha256", Buffer.from(secretKey, "base64"), "", "gatewright session", 32)).toString("base64url");
}

/** Too many tries. next-auth passes the message on to the sign-in page. */
class Throttled extends Error {
  override name = "Throttled";

  constructor(waitSeconds: number) {
    super(`Throttled:${waitSeconds}`);
  }
}

async function checkPassword(credentials: { email?: string; password?: string } | undefined): Promise<SignedInUser | null> {
  const email = (credentials?.email ?? "").trim().toLowerCase().slice(0, 320);
  const password = (credentials?.password ?? "").slice(0, 1024);
  const address = (await headers()).get(PEER_HEADER) ?? "unknown";
  const throttle = loginThrottle(counters());
  const waitSeconds = await throttle.take(email, address);
  if (waitSeconds > 0) throw new Throttled(waitSeconds);
  // The database takes no NUL, so no account has one.
  const user = email.includes("\0") ? null : await database().user.findUnique({ where: { email } });
  if (!(await verifyPassword(user?.passwordHash, password)) || !user) return null;
  await throttle.succeeded(email, address);
  return { id: user.id, email: user.email, name: user.name, role: user.role };
}

/** next-auth shows callers the message of whatever is thrown here, so what went wrong inside goes to the log only. */
async function authorize(credentials: { email?: string; password?: string } | undefined): Promise<SignedInUser | null> {
  try {
    return await checkPassword(credentials);
  } catch (error) {
    if (error instanceof Throttled) throw error;
    logger().error({ err: error }, "a sign-in could not be checked");
    throw new Error("Unavailable");
  }
}

/** Remembers that a session has ended for as long as its cookie would be good, because a copy of the cookie may be elsewhere. */
async function endSession(sessionId: unknown): Promise<void> {
  if (typeof sessionId !== "string") return;
  const endsAt = new Date(Date.now() + SESSION_SECONDS * 1000);
  await database().endedSession.deleteMany({ where: { endsAt: { lt: new Date() } } });
  await database().endedSession.upsert({ where: { id: sessionId }, create: { id: sessionId, endsAt }, update: { endsAt } });
}

/** next-auth's own codes. Anyone may have it log others, with line breaks, at `/api/auth/_log`. */
const LOG_CODE = /^[A-Z][A-Z_]{1,63}$/;

/** What next-auth runs with; made at the first request, because the build has no environment. */
export function authOptions(): NextAuthOptions {
  return {
    secret: sessionKey(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS, updateAge: 15 * 60 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: { label: "E-mail", type: "email" }, password: { label: "Password", type: "password" } },
        authorize,
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        const signedIn = user as SignedInUser | undefined;
        return signedIn ? { ...token, sub: signedIn.id, role: signedIn.role, sessionId: newId("session") } : token;
      },
      session({ session, token }) {
        return { ...session, sessionId: token.sessionId, user: { ...session.user, id: token.sub, role: token.role } };
      },
      // Only paths of the console itself: an open redirect after sign-in helps phishing.
      redirect({ url, baseUrl }) {
        return url.startsWith("/") && !url.startsWith("//") ? `${baseUrl}${url}` : url.startsWith(`${baseUrl}/`) ? url : baseUrl;
      },
    },
    events: {
      signOut: ({ token }) => endSession(token?.sessionId),
    },
    logger: {
      error(code) {
        // A wrong password is an everyday event; what else goes wrong is said once, without its details.
        if (code !== "CLIENT_FETCH_ERROR" && LOG_CODE.test(code)) process.stderr.write(`sign-in: ${code}\n`);
      },
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** Who is signed in, or null: the cookie is good, nobody signed out of its session, and the account is still there. */
export async function currentUser(): Promise<SignedInUser | null> {
  // Reading the request first keeps Next from rendering these pages at build time, where there is no secret key.
  await headers();
  const session = (await getServerSession(authOptions())) as { sessionId?: unknown; user?: { id?: unknown } } | null;
  const [id, sessionId] = [session?.user?.id, session?.sessionId];
  if (typeof id !== "string" || typeof sessionId !== "string") return null;
  const [user, ended] = await Promise.all([
    database().user.findUnique({ where: { id }, select: { id: true, email: true, name: true, role: true } }),
    database().endedSession.findUnique({ where: { id: sessionId } }),
  ]);
  return ended ? null : user;
}

/** Who is signed in; sends everyone else to the sign-in page. For pages and layouts. */
export async function requireSession(): Promise<{ user: SignedInUser }> {
  const user = await currentUser();
  if (!user) redirect("/sign-in");
  return { user };
}
