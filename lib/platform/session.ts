import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { NextRequest } from "next/server";
import NextAuth, { type NextAuthOptions } from "next-auth";
import { decode } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import { TARGET_HEADER } from "@/lib/client-address/private-headers";
import { authRequest, ownUrl } from "./auth-request";
import { environment } from "./env";
import { logger } from "./log";
import { hasSecureCookies, sessionIdOf, sessionKey } from "./session-cookie";
import { endSession, liveSession, type SignedInUser } from "./sessions";
import { type SignIn, signIn } from "./sign-in";

export type { SignedInUser } from "./sessions";

/** next-auth's own codes. Its other log arguments may contain client input with line breaks. */
const LOG_CODE = /^[A-Z][A-Z_]{1,63}$/;

/** next-auth's paths that need no session and so no database. */
const WITHOUT_SESSION: ReadonlySet<string> = new Set(["callback", "csrf", "error", "providers", "signin"]);

/** Whether next-auth failed because a cookie's session has ended, which any client can cause. */
function isEndedSession(metadata: unknown): boolean {
  return metadata instanceof Error && metadata.message === "JWT invalid";
}

/**
 * next-auth's options for one request. A cookie is decoded only with `user`, whose session is active, so next-auth never renews the
 * cookie of an ended session.
 */
export function authOptions(
  user: SignedInUser | null = null,
  onSignOut: (sessionId: string) => Promise<void> = endSession,
): NextAuthOptions {
  const maxAge = environment().sessions.maxMinutes * 60;
  return {
    secret: sessionKey(),
    // The cookie has the absolute lifetime; the session's row enforces the idle lifetime.
    session: { strategy: "jwt", maxAge, updateAge: 15 * 60 },
    jwt: { maxAge, decode: async (parameters) => (user ? decode(parameters) : null) },
    useSecureCookies: hasSecureCookies(),
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: { label: "Email", type: "email" }, password: { label: "Password", type: "password" } },
        authorize: signIn,
      }),
    ],
    callbacks: {
      jwt({ token, user: signedIn }) {
        // The user comes from `signIn`; next-auth's type doesn't include it.
        return signedIn ? { ...token, sessionId: (signedIn as SignIn).sessionId } : token;
      },
      session({ session }) {
        return { expires: session.expires, user: user ?? {} };
      },
      // Same-origin only: an open redirect would help phishing.
      redirect({ url, baseUrl }) {
        const own = ownUrl(url, baseUrl);
        return own === null || own === `${baseUrl}/` ? baseUrl : own;
      },
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sessionId === "string") await onSignOut(token.sessionId);
      },
    },
    logger: {
      error(code, metadata) {
        // A wrong password isn't an error; others are logged by code, without details.
        if (code === "CLIENT_FETCH_ERROR" || !LOG_CODE.test(code) || isEndedSession(metadata)) return;
        process.stderr.write(`sign-in: ${code}\n`);
      },
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** Finds the user of the request's session. @throws when the database can't be read */
async function readSession(): Promise<SignedInUser | null> {
  const id = await sessionIdOf(await cookies());
  return id === null ? null : liveSession(id);
}

const unavailable = () =>
  Response.json(
    { message: "The database is unreachable. Nothing was changed. Try again later." },
    { status: 503, headers: { "Cache-Control": "no-store", "Retry-After": "2" } },
  );

/**
 * Deletes next-auth's callback cookie if it isn't a URL of the console. next-auth returns 500 for an invalid one, and any program on
 * another port of this host can set it.
 */
async function deleteForeignCallbackUrl(): Promise<void> {
  const jar = await cookies();
  const name = `${hasSecureCookies() ? "__Secure-" : ""}next-auth.callback-url`;
  const value = jar.get(name)?.value;
  if (value !== undefined && ownUrl(value) === null) jar.delete(name);
}

/**
 * Handles requests below `/api/auth`. An ended session is `{}`, and its cookie is deleted. While the database is unreachable, it
 * returns 503 and keeps the cookie, because next-auth would treat that as an ended session.
 */
export async function handleAuth(request: Request, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  const path = (await context.params).nextauth;
  const [action = ""] = path;
  const checked = await authRequest(request, path.join("/"));
  if (!(checked instanceof NextRequest)) return checked;
  let failure: unknown;
  try {
    await deleteForeignCallbackUrl();
    const user = WITHOUT_SESSION.has(action) ? null : await readSession();
    const options = authOptions(user, (id) =>
      endSession(id).catch((error: unknown) => {
        // next-auth would ignore it and report a sign-out although the session is active.
        failure = error;
      }),
    );
    const response: Response = await NextAuth(checked as never, context as never, options);
    if (failure === undefined) return response;
  } catch (error) {
    failure = error;
  }
  logger().error({ err: failure }, "can't read or end a session");
  return unavailable();
}

/** The signed-in user: the cookie is valid, its session active, and the account exists; otherwise null. */
export async function currentUser(): Promise<SignedInUser | null> {
  // Reading the request prevents rendering at build time, where there is no secret key.
  await headers();
  return readSession();
}

/** The signed-in user; otherwise redirects to the sign-in page and back. For pages and layouts. */
export async function requireSession(): Promise<{ user: SignedInUser }> {
  const user = await currentUser();
  if (user) return { user };
  const target = (await headers()).get(TARGET_HEADER) ?? "/";
  // Next's own requests for parts of a page have this parameter.
  const isPage = target.startsWith("/") && target !== "/" && !target.includes("_rsc=");
  redirect(isPage ? `/sign-in?callbackUrl=${encodeURIComponent(target)}` : "/sign-in");
}
