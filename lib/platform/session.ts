import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { NextRequest } from "next/server";
import NextAuth, { type NextAuthOptions } from "next-auth";
import { decode } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import { authRequest, ownUrl } from "./auth-request";
import { environment } from "./env";
import { logger } from "./log";
import { TARGET_HEADER } from "./peer";
import { hasSecureCookies, sessionIdOf, sessionKey } from "./session-cookie";
import { endSession, liveSession, type SignedInUser } from "./sessions";
import { type SignIn, signIn } from "./sign-in";

export type { SignedInUser } from "./sessions";

/** next-auth's own codes: what it logs beside them may come from a client, with line breaks. */
const LOG_CODE = /^[A-Z][A-Z_]{1,63}$/;

/** next-auth's paths that read no session: they work while the database is unreachable. */
const WITHOUT_SESSION: ReadonlySet<string> = new Set(["callback", "csrf", "error", "providers", "signin"]);

/** Whether next-auth failed only because a cookie's session is over: anyone can cause that as often as they like. */
function isEndedSession(metadata: unknown): boolean {
  return metadata instanceof Error && metadata.message === "JWT invalid";
}

/**
 * What next-auth runs with; made for each request. A cookie counts only with `user`, whose session was found alive, so that
 * no path of next-auth renews the cookie of an ended session.
 */
export function authOptions(
  user: SignedInUser | null = null,
  onSignOut: (sessionId: string) => Promise<void> = endSession,
): NextAuthOptions {
  const maxAge = environment().sessions.maxMinutes * 60;
  return {
    secret: sessionKey(),
    // The cookie is kept for the absolute lifetime; the session's row says when it was idle too long.
    session: { strategy: "jwt", maxAge, updateAge: 15 * 60 },
    jwt: { maxAge, decode: async (parameters) => (user ? decode(parameters) : null) },
    useSecureCookies: hasSecureCookies(),
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: { label: "E-mail", type: "email" }, password: { label: "Password", type: "password" } },
        authorize: signIn,
      }),
    ],
    callbacks: {
      jwt({ token, user: signedIn }) {
        // Who signed in comes from `signIn`, which next-auth's type does not know.
        return signedIn ? { ...token, sessionId: (signedIn as SignIn).sessionId } : token;
      },
      session({ session }) {
        return { expires: session.expires, user: user ?? {} };
      },
      // Only paths of the console itself: an open redirect after sign-in helps phishing.
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
        // A wrong password is an everyday event; what else goes wrong is said once, without its details.
        if (code === "CLIENT_FETCH_ERROR" || !LOG_CODE.test(code) || isEndedSession(metadata)) return;
        process.stderr.write(`sign-in: ${code}\n`);
      },
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** Reads whose session the request's cookie opens. @throws when the database can't be read */
async function readSession(): Promise<SignedInUser | null> {
  const id = await sessionIdOf(await cookies());
  return id === null ? null : liveSession(id);
}

const unavailable = () =>
  Response.json(
    { message: "The database is unreachable. Nothing was changed; try again in a moment." },
    { status: 503, headers: { "Cache-Control": "no-store", "Retry-After": "2" } },
  );

/**
 * Removes the cookie in which next-auth keeps where to go after a sign-in when that isn't in the console. next-auth answers 500
 * to one that is no URL, and cookies know no ports: another program at this host may have set it.
 */
async function dropForeignCallbackUrl(): Promise<void> {
  const jar = await cookies();
  const name = `${hasSecureCookies() ? "__Secure-" : ""}next-auth.callback-url`;
  const value = jar.get(name)?.value;
  if (value !== undefined && ownUrl(value) === null) jar.delete(name);
}

/**
 * Answers everything under `/api/auth`. An ended session is `{}` there and its cookie is removed, never renewed. While the
 * database is unreachable the answer is 503 and the cookie stays, because next-auth would take that for an ended session.
 */
export async function handleAuth(request: Request, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  const path = (await context.params).nextauth;
  const [action = ""] = path;
  const checked = await authRequest(request, path.join("/"));
  if (!(checked instanceof NextRequest)) return checked;
  let failure: unknown;
  try {
    await dropForeignCallbackUrl();
    const user = WITHOUT_SESSION.has(action) ? null : await readSession();
    const options = authOptions(user, (id) =>
      endSession(id).catch((error: unknown) => {
        // next-auth would swallow it and show someone as signed out whose session lives on.
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

/** Who is signed in, or null: the cookie is ours, its session lives, and the account is still there. */
export async function currentUser(): Promise<SignedInUser | null> {
  // Reading the request first keeps Next from rendering these pages at build time, where there is no secret key.
  await headers();
  return readSession();
}

/** Who is signed in; sends everyone else to the sign-in page, which leads back here. For pages and layouts. */
export async function requireSession(): Promise<{ user: SignedInUser }> {
  const user = await currentUser();
  if (user) return { user };
  const target = (await headers()).get(TARGET_HEADER) ?? "/";
  // Next's own requests for parts of a page carry this parameter; the page itself has none.
  const isPage = target.startsWith("/") && target !== "/" && !target.includes("_rsc=");
  redirect(isPage ? `/sign-in?callbackUrl=${encodeURIComponent(target)}` : "/sign-in");
}
